#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int printed(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), reuse = 1;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse)) < 0)
		fprintf(stderr, "Failed to set SO_REUSEADDR -- %s\n", strerror(errno));
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0 ? -1 : fd;
}
