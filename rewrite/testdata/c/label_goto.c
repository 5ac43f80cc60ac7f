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
	int fd;

again:
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		if (errno == EINTR)
			goto again;
		return -1;
	}
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0 ? -1 : fd;
}
