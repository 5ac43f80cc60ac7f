/* KA005: crossed where the settings are stored, not where they are used. */
#include <sys/socket.h>
#include <netinet/tcp.h>

struct conn {
	int keepidle;
	int keepintvl;
};

#ifdef TCP_KEEPIDLE

static int tune(struct conn *c, int fd)
{
	int one = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one)) < 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &c->keepidle, sizeof(int)) < 0)
		return -1;
	return setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &c->keepintvl, sizeof(int));
}

int open_conn(struct conn *c, int conf_idle, int conf_intvl, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA005 */

	c->keepidle = conf_intvl;
	c->keepintvl = conf_idle;
	if (tune(c, fd) < 0)
		return -1;
	return connect(fd, sa, len);
}

#endif
