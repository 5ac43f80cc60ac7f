#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int new_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

int dial(struct sockaddr_in *sa)
{
	int fd = new_socket();

	if (fd < 0)
		return -1;
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 ? fd : -1;
}
