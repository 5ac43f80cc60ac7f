#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/socket.h>

static void set_cloexec(int fd)
{
	fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int net_accept(int lfd)
{
	int fd = -1;
#ifdef SOCK_CLOEXEC
	fd = accept4(lfd, NULL, NULL, SOCK_CLOEXEC);
#endif
	if (fd == -1) {
		fd = accept(lfd, NULL, NULL);
		if (fd != -1)
			set_cloexec(fd);
	}
	return fd;
}
