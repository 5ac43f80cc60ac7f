/* Handlers in a table under the kind of the object. */
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

#define CH_NET 1
#define CH_LOCAL 2
#define CH_OPEN 3

struct chan {
	int kind, fd;
	struct chan *next;
};

typedef void handler(struct chan *);
static handler *handlers[4];
static struct chan *chans;

static void chan_new(int kind, int fd)
{
	struct chan *c = calloc(1, sizeof(*c));

	c->kind = kind;
	c->fd = fd;
	c->next = chans;
	chans = c;
}

static void on_net(struct chan *c)
{
	int fd = accept(c->fd, NULL, NULL); /* want: covered tcp accepted set */

	if (fd >= 0)
		chan_new(CH_OPEN, fd);
}

static void on_local(struct chan *c)
{
	int fd = accept(c->fd, NULL, NULL); /* want: not-tcp accepted */

	if (fd >= 0)
		chan_new(CH_OPEN, fd);
}

/* An object becomes one of another kind. */
static void on_open(struct chan *c)
{
	int on = 1;

	setsockopt(c->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	write(c->fd, "", 1);
}

static int net_socket(void)
{
	struct sockaddr_in sin = { AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp listener */

	bind(fd, (struct sockaddr *)&sin, sizeof(sin));
	listen(fd, 5);
	return fd;
}

static int local_socket(void)
{
	struct sockaddr_un sun = { AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */

	bind(fd, (struct sockaddr *)&sun, sizeof(sun));
	listen(fd, 5);
	return fd;
}

int main(void)
{
	struct chan *c;

	handlers[CH_NET] = &on_net;
	handlers[CH_LOCAL] = &on_local;
	handlers[CH_OPEN] = &on_open;
	chan_new(CH_NET, net_socket());
	chan_new(CH_LOCAL, local_socket());
	for (;;)
		for (c = chans; c; c = c->next)
			handlers[c->kind](c);
}
