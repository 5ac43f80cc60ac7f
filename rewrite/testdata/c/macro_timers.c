/* options: idle=60 style=inline */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK(x) do { if ((x) < 0) { perror(#x); exit(1); } } while (0)

int dial(struct sockaddr_in *sa)
{
	int fd;

	CHECK(fd = socket(AF_INET, SOCK_STREAM, 0));
	CHECK(connect(fd, (struct sockaddr *)sa, sizeof(*sa)));
	return fd;
}
