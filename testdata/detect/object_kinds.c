/* Listeners of several kinds in one member, and another member that tells the kind. */
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

enum kind { KIND_NET, KIND_LOCAL };
#define PF_LOCALLY 4
#define PF_BUSY 8

struct door {
	int fd;
	enum kind kind;
	struct door *next;
};

static struct door *doors;

static void add(int fd, enum kind kind)
{
	struct door *d = calloc(1, sizeof(*d));

	d->fd = fd;
	d->kind = kind;
	d->next = doors;
	doors = d;
}

void open_doors(struct sockaddr_in *sin, struct sockaddr_un *sun)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp listener */

	bind(fd, (struct sockaddr *)sin, sizeof(*sin));
	listen(fd, 5);
	add(fd, KIND_NET);
	fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */
	bind(fd, (struct sockaddr *)sun, sizeof(*sun));
	listen(fd, 5);
	add(fd, KIND_LOCAL);
}

static int take(struct door *d)
{
	int c = accept(d->fd, NULL, NULL); /* want: covered tcp accepted set */
	int on = 1;

	setsockopt(c, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return c;
}

int through_doors(void)
{
	struct door *d;

	for (d = doors; d; d = d->next) {
		if (d->kind == KIND_LOCAL)
			close(accept(d->fd, NULL, NULL)); /* want: not-tcp accepted */
		else
			close(take(d));
	}
	return 0;
}

/* A bit, and an array. */
struct port {
	int fd;
	unsigned flags;
	bool open;
};

static struct port ports[4];

void open_port(int i, struct sockaddr_un *sun, struct sockaddr_in *sin)
{
	ports[i].open = true;
	if (sun) {
		ports[i].flags |= PF_LOCALLY | PF_BUSY;
		ports[i].fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */
		bind(ports[i].fd, (struct sockaddr *)sun, sizeof(*sun));
	} else {
		ports[i].flags = PF_BUSY;
		ports[i].fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */
		bind(ports[i].fd, (struct sockaddr *)sin, sizeof(*sin));
	}
	listen(ports[i].fd, 5);
}

int through_ports(void)
{
	int i, sum = 0;

	for (i = 0; i < 4; i++) {
		if (!ports[i].open)
			continue;
		if (ports[i].flags & PF_LOCALLY)
			sum += accept(ports[i].fd, NULL, NULL); /* want: not-tcp accepted */
		else
			sum += accept(ports[i].fd, NULL, NULL); /* want: missing tcp accepted */
		if (ports[i].flags & PF_BUSY)
			sum += accept(ports[i].fd, NULL, NULL); /* want: missing maybe-tcp accepted */
	}
	return sum;
}

/* A table that says what to open; it is asked on both sides. */
struct row {
	const char *name;
	enum kind kind;
	int fd;
};

static struct row table[] = { { "smtp", KIND_NET, -1 }, { "local", KIND_LOCAL, -1 }, { NULL, KIND_NET, -1 } };

int by_table(struct sockaddr_in *sin, struct sockaddr_un *sun)
{
	struct row *r;
	int c = -1;

	for (r = table; r->name; r++) {
		switch (r->kind) {
		case KIND_NET:
			r->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */
			bind(r->fd, (struct sockaddr *)sin, sizeof(*sin));
			break;
		case KIND_LOCAL:
			r->fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */
			bind(r->fd, (struct sockaddr *)sun, sizeof(*sun));
			break;
		}
		listen(r->fd, 5);
	}
	for (r = table; r->name; r++) {
		if (r->kind == KIND_LOCAL)
			c = accept(r->fd, NULL, NULL); /* want: not-tcp accepted */
		else if (r->kind == KIND_NET)
			c = accept(r->fd, NULL, NULL); /* want: missing tcp accepted */
		write(c, r->name, 1);
	}
	return c;
}

/* What is asked for says nothing of the kind. */
struct gate {
	int fd;
	int ready;
};

int by_state(struct gate *g, struct sockaddr_in *sin, struct sockaddr_un *sun, int local)
{
	if (local) {
		g->fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */
		bind(g->fd, (struct sockaddr *)sun, sizeof(*sun));
	} else {
		g->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */
		bind(g->fd, (struct sockaddr *)sin, sizeof(*sin));
	}
	g->ready = 0;
	listen(g->fd, 5);
	g->ready = 1;
	return 0;
}

int when_ready(struct gate *g)
{
	if (g->ready)
		return accept(g->fd, NULL, NULL); /* want: missing maybe-tcp accepted */
	return -1;
}

/* Set up as a whole, with bits that the caller gives. */
struct tap {
	int fd;
	unsigned bits;
};

#define TAP_NET 1
#define TAP_LOCAL 2
#define TAP_SAFE 4

static struct tap taps[4];
static int ntaps;

static void tap_add(int fd, unsigned bits)
{
	struct tap *t = &taps[ntaps++];

	*t = (struct tap){ .fd = fd, .bits = bits };
}

void open_taps(struct sockaddr_in *sin, struct sockaddr_un *sun, int safe)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */

	bind(fd, (struct sockaddr *)sin, sizeof(*sin));
	listen(fd, 5);
	tap_add(fd, TAP_NET | (safe ? TAP_SAFE : 0));
	fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */
	bind(fd, (struct sockaddr *)sun, sizeof(*sun));
	listen(fd, 5);
	tap_add(fd, TAP_LOCAL | TAP_SAFE);
}

int take_tap(struct tap *t)
{
	if (t->bits & TAP_LOCAL)
		return accept(t->fd, NULL, NULL); /* want: not-tcp accepted */
	if (t->bits & TAP_SAFE)
		return accept(t->fd, NULL, NULL); /* want: missing tcp accepted */
	return accept(t->fd, NULL, NULL); /* want: missing tcp accepted */
}
