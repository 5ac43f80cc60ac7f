#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int zero_is_bad(struct sockaddr_in *sa)
{
	int fd;

	if (!(fd = socket(AF_INET, SOCK_STREAM, 0))) {
		perror("socket");
		return -1;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return -1;
	return fd;
}

int forever(int lfd)
{
	int fd;

	for (;;) {
		fd = accept(lfd, NULL, NULL);
		if (fd >= 0) {
			/* somebody is there */
			break;
		}
		if (errno != EINTR) {
			perror("accept");
			return -1;
		}
	}
	return fd;
}
