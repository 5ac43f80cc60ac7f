#include <sys/types.h>
#include <sys/socket.h>
#include <netdb.h>
#include <stdio.h>
#include <unistd.h>

/* The loop's end is told by rc: a block that goes on to the next address has to set it. */
int dial(struct addrinfo *res)
{
	int fd, rc = 0;

	do {
		fd = socket(res->ai_family, SOCK_STREAM, res->ai_protocol);
		if (fd < 0)
			continue;
		rc = connect(fd, res->ai_addr, res->ai_addrlen);
		if (rc) {
			close(fd);
			fd = -1;
			continue;
		}
		break;
	} while ((res = res->ai_next));
	if (rc) {
		fprintf(stderr, "no connection\n");
		return -1;
	}
	return fd;
}
