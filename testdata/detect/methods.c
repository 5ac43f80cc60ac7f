/* Transports behind a struct of pointers: each accepts what it opened itself. */
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include "methods/port.h"

/* The same, the pointers stored one by one. */
struct line {
	int fd;
	int (*open)(struct line *);
	int (*take)(struct line *);
};

/* One function makes the sockets of both. */
static int make(int family)
{
	return socket(family, SOCK_STREAM, 0); /* want: missing maybe-tcp listener */
}

static int tcp_open(struct line *l)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };

	l->fd = make(AF_INET);
	bind(l->fd, (struct sockaddr *)&sin, sizeof(sin));
	return listen(l->fd, 1);
}

static int tcp_take(struct line *l)
{
	return accept(l->fd, NULL, NULL); /* want: missing tcp accepted */
}

static int unix_open(struct line *l)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	l->fd = make(AF_UNIX);
	bind(l->fd, (struct sockaddr *)&sun, sizeof(sun));
	return listen(l->fd, 1);
}

static int unix_take(struct line *l)
{
	return accept(l->fd, NULL, NULL); /* want: not-tcp accepted */
}

static void use_tcp(struct line *l)
{
	l->open = tcp_open;
	l->take = tcp_take;
}

static void use_unix(struct line *l)
{
	l->open = unix_open;
	l->take = unix_take;
}

/* States of one object, not kinds of it: another state takes over. */
struct stage {
	int fd;
};

struct state {
	int (*enter)(struct stage *);
	int (*run)(struct stage *);
};

static int first_enter(struct stage *l)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };

	l->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */
	bind(l->fd, (struct sockaddr *)&sin, sizeof(sin));
	return listen(l->fd, 1);
}

static int first_run(struct stage *l)
{
	return l->fd < 0;
}

static int second_enter(struct stage *l)
{
	return l->fd;
}

static int second_run(struct stage *l)
{
	return accept(l->fd, NULL, NULL); /* want: missing accepted */
}

static const struct state states[] = {
	{ first_enter, first_run },
	{ second_enter, second_run },
};

int main(int argc, char **argv)
{
	struct port *p = calloc(1, sizeof(*p));
	struct line *l = calloc(1, sizeof(*l));
	struct stage st;
	int i;

	p->ops = argc > 1 ? &net_ops : &local_ops;
	if (p->ops->open(p) < 0)
		return 1;
	write(p->ops->take(p), argv[0], 1);
	if (argc > 1)
		use_tcp(l);
	else
		use_unix(l);
	l->open(l);
	write(l->take(l), argv[0], 1);
	for (i = 0; i < 2; i++) {
		states[i].enter(&st);
		states[i].run(&st);
	}
	return 0;
}
