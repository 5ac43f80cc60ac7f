#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <netdb.h>

int dial(struct addrinfo *res)
{
	int fd;

	do {
		if ((fd = socket(res->ai_family, SOCK_STREAM,
		    res->ai_protocol)) < 0)
			continue;
		if (connect(fd, res->ai_addr, res->ai_addrlen) == 0)
			break;
		close(fd);
	} while ((res = res->ai_next) != NULL);
	return res == NULL ? -1 : fd;
}
