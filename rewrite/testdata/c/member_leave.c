#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct conn {
	int fd;
	int retries;
};

int conn_open(struct conn *c, struct sockaddr_in *sa)
{
	int on = 1, rc;

	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0)
		return -1;

	on = c->retries;
	rc = setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, (const char *)&on, sizeof(on));
	if (rc < 0) {
		fprintf(stderr, "setsockopt SO_RCVBUF: %s\n", strerror(errno));
		goto fail;
	}
	if (connect(c->fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		goto fail;
	return 0;

fail:
	close(c->fd);
	c->fd = -1;
	return -1;
}
