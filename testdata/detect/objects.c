/* Structs of one type: what is set on the one is not set on the other. */
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

struct conn {
	int fd;
	struct conn *next;
};

struct listed {
	int fd;
	struct listed *next;
};

static struct listed *list;

static void keep(struct conn *c, int on)
{
	setsockopt(c->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static void reuse(struct conn *c)
{
	int on = 1;

	setsockopt(c->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
}

static struct conn *dial(struct sockaddr *sa, socklen_t len)
{
	struct conn *c = calloc(1, sizeof(*c));

	c->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	if (connect(c->fd, sa, len) < 0)
		return NULL;
	return c;
}

static struct conn *dial_bare(struct sockaddr *sa, socklen_t len)
{
	struct conn *c = calloc(1, sizeof(*c));

	c->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
	reuse(c);
	if (connect(c->fd, sa, len) < 0)
		return NULL;
	return c;
}

/* What lies in a list can be found there by anybody. */
static struct listed *dial_listed(struct sockaddr *sa, socklen_t len)
{
	struct listed *c = calloc(1, sizeof(*c));

	c->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	c->next = list;
	list = c;
	connect(c->fd, sa, len);
	return c;
}

static void keep_listed(void)
{
	struct listed *c;
	int on = 1;

	for (c = list; c; c = c->next)
		setsockopt(c->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

/* A macro of the system's moves the variable. */
struct queued {
	int fd;
	LIST_ENTRY(queued) link;
};

static LIST_HEAD(, queued) queue;

static void keep_queued(void)
{
	struct queued *q;
	int on = 1;

	LIST_FOREACH(q, &queue, link) {
		setsockopt(q->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	}
}

static void dial_queued(struct sockaddr *sa, socklen_t len)
{
	struct queued *q = calloc(1, sizeof(*q));

	q->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	connect(q->fd, sa, len);
	LIST_INSERT_HEAD(&queue, q, link);
	keep_queued();
}

static int local(struct sockaddr *sa, socklen_t len)
{
	struct conn c;

	c.fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	keep(&c, 1);
	return connect(c.fd, sa, len);
}

static int copied(struct sockaddr *sa, socklen_t len)
{
	struct listed c, d;
	int on = 1;

	c.fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	memcpy(&d, &c, sizeof(d));
	setsockopt(d.fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(c.fd, sa, len);
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;
	struct conn *a = dial(sa, 1), *b = dial_bare(sa, 1);

	keep(a, 1);
	dial_listed(sa, 1);
	keep_listed();
	dial_queued(sa, 1);
	copied(sa, 1);
	free(b);
	return local(sa, 1);
}
