#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/socket.h>

extern void greet(int fd);

int wait_client(int lfd)
{
	int fd;

	while (1) {
		fd = accept(lfd, NULL, NULL);
		if (fd == -1) {
			if (errno == EINTR || errno == EAGAIN)
				continue;
			perror("accept");
			return -1;
		}
		break;
	}
	greet(fd);
	return fd;
}
