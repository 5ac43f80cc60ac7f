#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <fcntl.h>
#include <unistd.h>

typedef int net_int_t;
typedef long net_long_t;
typedef char net_char_t;

struct server {
	net_long_t fd;
};

net_long_t server_accept(struct server *s)
{
	// done
	net_long_t fd = accept(s->fd, 0, 0);

	// no client?
	if (fd < 0)
		return -1;

	// non-block
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);

	// no delay
	net_int_t enable = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, (net_char_t *)&enable, sizeof(enable));

	return fd;
}

net_long_t server_next(struct server *s)
{
	// done
	net_long_t fd = accept(s->fd, 0, 0);

	// no client?
	if (fd < 0)
		return -1;

	// tell
	write(1, ".", 1);

	return fd;
}
