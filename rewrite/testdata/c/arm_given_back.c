#include <sys/types.h>
#include <sys/socket.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int close_on_exec(int fd)
{
#ifdef HAVE_ACCEPT4
	fprintf(stderr, "accept4() should have done this\n");
	close(fd);
	errno = EBADF;
	return -1;
#else
	if (fd == -1 || fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
		return -1;
	return fd;
#endif
}

int next(int listener, int (*serve)(int))
{
	int fd;

#ifdef HAVE_ACCEPT4
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
#else
	fd = close_on_exec(accept(listener, NULL, NULL));
#endif
	if (fd == -1) {
		perror("accept");
		return -1;
	}
	return serve(fd);
}
