#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void note(int level, const char *text, ...);
void serve(int fd);

int take(int lfd)
{
	int fd;

	if (lfd < 0) {
		note(1, "ERR 4B03: No listener\n");
		return -1;
	}
	if ((fd = accept(lfd, NULL, NULL)) < 0) {
		note(1, "ERR 4B04: Failed to accept: %s\n", strerror(errno));
		return -1;
	}
	serve(fd);
	return 0;
}
