#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int dial(struct sockaddr_in *sa)
{
	int error = 0;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		error = errno;
		fprintf(stderr, "cannot create socket: %s\n", strerror(error));
		return -1;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}
