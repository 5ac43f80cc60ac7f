#define _GNU_SOURCE
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void handle(int fd);

int main(void)
{
	struct sockaddr_in sa;
	int c, l = socket(AF_INET, SOCK_STREAM, 0);

	memset(&sa, 0, sizeof(sa));
	if (l < 0 || bind(l, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(l, 5) < 0)
		return 1;
#ifdef HAVE_ACCEPT4
	c = accept4(l, NULL, NULL, SOCK_CLOEXEC);
#else
	c = accept(l, NULL, NULL);
#endif
	if (c < 0) {
		perror("accept");
		return 1;
	}
	handle(c);
	return 0;
}
