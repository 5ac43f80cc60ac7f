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
	int fd, on = 1;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
		return -1;
	on = setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, (const void *)(&on), (socklen_t)sizeof on);
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0 ? -1 : fd;
}
