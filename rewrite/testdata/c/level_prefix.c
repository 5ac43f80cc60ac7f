#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { L_ERR, L_WARNING };
void say(int level, const char *format, ...);
int use(int fd);

int take(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0) {
		say(L_ERR, "Error: Unable to accept: %s", strerror(errno));
		return -1;
	}

	return fd;
}

void check(int n, int m)
{
	if (n > 7)
		say(L_WARNING, "Warning: %d is rather many", n);
	if (m > 7 && use(m) < 0)
		say(L_WARNING, "Warning: Unable to use %d", m);
}
