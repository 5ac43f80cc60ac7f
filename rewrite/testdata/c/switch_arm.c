#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int dial(int version, struct sockaddr_in *sa)
{
	int fd;

	switch (version) {
	case 4:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		break;
	case 6:
		fd = socket(AF_INET6, SOCK_STREAM, 0);
		break;
	default:
		return -1;
	}
	if (fd == -1)
		return -1;
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 ? fd : -1;
}

int checked_in_arm(int kind, struct sockaddr_in *sa)
{
	int fd = -1;

	switch (kind) {
	case 1:
	case 2:
		if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
			perror("socket");
			return -1;
		}

		if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
			return -1;
		break;
	}
	return fd;
}
