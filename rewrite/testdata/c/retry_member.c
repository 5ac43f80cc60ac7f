#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct conn {
	int fd;
	int tries;
};

int conn_up(struct conn *c, const struct sockaddr_in *to)
{
again:
	if (c->fd < 0)
		c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0) {
		perror("socket");
		return -1;
	}
	if (connect(c->fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		if (errno == EINTR && c->tries-- > 0)
			goto again;
		perror("connect");
		close(c->fd);
		c->fd = -1;
		return -1;
	}
	return 0;
}
