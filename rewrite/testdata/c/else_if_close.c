#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int dial(struct sockaddr_in *sa)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	else if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}
