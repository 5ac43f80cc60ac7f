/* Objects that carry the table of their methods, set up by one function. */
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

struct stream;

struct methods {
	int (*tune)(struct stream *);
	int (*take)(struct stream *);
	void (*done)(struct stream *);
};

struct stream {
	const struct methods *m;
	int fd;
};

static int tune_little(struct stream *s)
{
	int on = 1;

	return setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static int tune_much(struct stream *s)
{
	int on = 1;

	tune_little(s);
	return setsockopt(s->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static int take_local(struct stream *s)
{
	return accept(s->fd, NULL, NULL); /* want: not-tcp accepted */
}

static int take_net(struct stream *s)
{
	return accept(s->fd, NULL, NULL); /* want: missing tcp accepted */
}

static void done(struct stream *s)
{
	close(s->fd);
	free(s);
}

static const struct methods brief = { tune_little, NULL, done };
static const struct methods lasting = { tune_much, NULL, done };
static const struct methods local = { NULL, take_local, done };
static const struct methods net = { .take = take_net, .done = done };

static struct stream *stream_new(int fd, const struct methods *m)
{
	struct stream *s = malloc(sizeof(*s));

	s->fd = fd;
	s->m = m;
	if (s->m->tune)
		s->m->tune(s);
	return s;
}

struct stream *once(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	connect(fd, (struct sockaddr *)sin, sizeof(*sin));
	return stream_new(fd, &brief);
}

struct stream *for_long(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	connect(fd, (struct sockaddr *)sin, sizeof(*sin));
	return stream_new(fd, &lasting);
}

struct stream *hear(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */

	bind(fd, (struct sockaddr *)sin, sizeof(*sin));
	listen(fd, 5);
	return stream_new(fd, &net);
}

struct stream *hear_locally(struct sockaddr_un *sun)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */

	bind(fd, (struct sockaddr *)sun, sizeof(*sun));
	listen(fd, 5);
	return stream_new(fd, &local);
}

int take(struct stream *s)
{
	return s->m->take(s);
}

/* One that may get another table later. */
struct link;

struct ways {
	int (*settle)(struct link *);
};

struct link {
	const struct ways *w;
	int sock;
};

static int settle(struct link *l)
{
	int on = 1;

	return setsockopt(l->sock, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static int settle_not(struct link *l)
{
	return l->sock;
}

static const struct ways first = { settle_not };
static const struct ways second = { settle };

struct link *link_new(struct sockaddr_in *sin)
{
	struct link *l = malloc(sizeof(*l));

	l->sock = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	l->w = &first;
	connect(l->sock, (struct sockaddr *)sin, sizeof(*sin));
	return l;
}

int promote(struct link *l)
{
	l->w = &second;
	return l->w->settle(l);
}
