#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/socket.h>

extern void greet(int fd);

/* Left by two breaks: behind the loop the descriptor may be a bad one. */
int wait_or_stop(int lfd, volatile int *stop)
{
	int fd = -1;

	for (;;) {
		if (*stop)
			break;
		fd = accept(lfd, NULL, NULL);
		if (fd == -1)
			continue;
		break;
	}
	if (fd != -1)
		greet(fd);
	return fd;
}
