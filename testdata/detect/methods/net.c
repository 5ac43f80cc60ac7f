#include <sys/socket.h>
#include <netinet/in.h>
#include "port.h"

static int net_listen(struct port *p, const struct sockaddr *sa, socklen_t len)
{
	p->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp listener */
	if (p->fd < 0 || bind(p->fd, sa, len) < 0)
		return -1;
	return listen(p->fd, 5);
}

static int net_open(struct port *p)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };

	return net_listen(p, (struct sockaddr *)&sin, sizeof(sin));
}

static int net_take(struct port *p)
{
	int on = 1, fd = accept(p->fd, NULL, NULL); /* want: covered tcp accepted set */

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return fd;
}

const struct port_ops net_ops = { net_open, net_take };
