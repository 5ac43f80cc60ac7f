#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

int dial(struct sockaddr_in *sa)
{
	int reuseaddr;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1)
		return -1;

	reuseaddr = 1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuseaddr, sizeof(reuseaddr)) != 0)
		perror("setsockopt can't set SO_REUSEADDR");

	return connect(fd, (struct sockaddr *)sa, sizeof(*sa));
}
