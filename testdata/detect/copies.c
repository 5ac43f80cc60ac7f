/* Copies of descriptors: dup, arrays, structs, streams. */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

struct pair { int in, out; };

static int on = 1;

static void by_dup(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	int copy = dup(fd);

	setsockopt(copy, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	connect(fd, sa, len);
}

static void by_array(struct sockaddr *sa, socklen_t len)
{
	int fds[4], i;

	for (i = 0; i < 4; i++)
		fds[i] = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	for (i = 0; i < 4; i++) {
		setsockopt(fds[i], SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
		connect(fds[i], sa, len);
	}
}

static void by_initializer(struct sockaddr *sa, socklen_t len)
{
	struct pair p = { .in = socket(AF_INET, SOCK_STREAM, 0), .out = -1 }; /* want: covered tcp client set */

	setsockopt(p.in, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	connect(p.in, sa, len);
}

static void by_stream(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	FILE *f;

	connect(fd, sa, len);
	f = fdopen(fd, "r+");
	setsockopt(fileno(f), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static struct pair make(struct sockaddr *sa, socklen_t len)
{
	struct pair p;

	p.in = p.out = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	connect(p.in, sa, len);
	return p;
}

static void by_struct(struct sockaddr *sa, socklen_t len)
{
	struct pair p = make(sa, len), q;

	q = p;
	setsockopt(q.out, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static int fresh(void)
{
	return socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */
}

static int with(struct sockaddr *sa, socklen_t len)
{
	int fd = fresh();

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(fd, sa, len);
}

static int without(struct sockaddr *sa, socklen_t len)
{
	return connect(fresh(), sa, len);
}
