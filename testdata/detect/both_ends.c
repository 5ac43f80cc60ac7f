/* One wrapper makes the sockets of clients and listeners, and what is accepted is looked after. */
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

struct neighbour {
	int fd;
	struct sockaddr_in at;
};

static int open_stream(void)
{
	return socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp */
}

static int reach(int fd, const struct sockaddr_in *to)
{
	return connect(fd, (const struct sockaddr *)to, sizeof(*to));
}

int dial(struct neighbour *n)
{
	n->fd = open_stream();
	if (n->fd < 0)
		return -1;
	return reach(n->fd, &n->at);
}

int wait_for(struct neighbour *n, int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	int on = 1, fd = open_stream();

	if (fd < 0 || bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(fd, 5) < 0)
		return -1;
	n->fd = accept(fd, NULL, NULL); /* want: covered tcp accepted set */
	if (n->fd >= 0)
		setsockopt(n->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	close(fd);
	return n->fd;
}

/* A listener of its own, which lies where clients lie as well, is one all the same. */
static int open_listener(void)
{
	return socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp listener */
}

int serve(struct neighbour *n, struct sockaddr_in *sin)
{
	int on = 1, c;

	n->fd = open_listener();
	bind(n->fd, (struct sockaddr *)sin, sizeof(*sin));
	listen(n->fd, 5);
	c = accept(n->fd, NULL, NULL); /* want: covered tcp accepted set */
	setsockopt(c, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return c;
}
