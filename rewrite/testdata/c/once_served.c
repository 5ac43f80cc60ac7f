#define _GNU_SOURCE
#include <unistd.h>
#include <sys/socket.h>

/* The first client is greeted before the ways join: it needs a block of its own. */
int next_client(int lfd, int strict)
{
	int fd = -1;

	if (strict) {
		fd = accept4(lfd, NULL, NULL, SOCK_CLOEXEC);
		if (fd == -1)
			return -1;
		if (write(fd, "hello\n", 6) != 6)
			return -1;
	}
	if (fd == -1)
		fd = accept(lfd, NULL, NULL);
	if (fd == -1)
		return -1;
	return fd;
}
