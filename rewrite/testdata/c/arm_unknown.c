#include <sys/types.h>
#include <sys/socket.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int close_on_exec(int fd);

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
