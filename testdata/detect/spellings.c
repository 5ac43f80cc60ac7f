/* One struct under several names, numbers that macros make, values that change. */
#include <sys/socket.h>
#include <stdlib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

typedef struct handler_ {
	const char *name;
	int (*set)(int *fd, int value);
} handler;
typedef handler *handlers;

static int set_keep(int *fd, int value)
{
	return setsockopt(*fd, SOL_SOCKET, SO_KEEPALIVE, &value, sizeof(value));
}

static int set_reuse(int *fd, int value)
{
	return setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value));
}

static handler table[] = { { "keepalive", set_keep }, { "reuse", set_reuse }, { 0, 0 } };

static int look_up(handlers h, int *fd, int value)
{
	while (h->name && value)
		h++;
	return h->set(fd, value);
}

static int by_typedef(struct sockaddr *sa, socklen_t len, int value)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	look_up(table, &fd, value);
	return connect(fd, sa, len);
}

#define BIT(n) (1u << (n))
#define KEEP BIT(0)
#define REUSE BIT(1)
#define SO(name) SO_##name

struct link {
	int fd;
};

static int link_fd(struct link *l)
{
	return l->fd;
}

static const int one = 1;

static void tune(struct link *l, unsigned mask)
{
	if (mask & KEEP)
		setsockopt(link_fd(l), SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	if (mask & REUSE)
		setsockopt(link_fd(l), SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
}

static int with_bit(struct sockaddr *sa, socklen_t len)
{
	struct link *l = malloc(sizeof(*l));

	l->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	tune(l, KEEP | REUSE);
	return connect(l->fd, sa, len);
}

static int without_bit(struct sockaddr *sa, socklen_t len)
{
	struct link *l = malloc(sizeof(*l));

	l->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
	tune(l, REUSE);
	return connect(l->fd, sa, len);
}

static int put_together(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	setsockopt(fd, SOL_SOCKET, SO(KEEPALIVE), &one, sizeof(one));
	return connect(fd, sa, len);
}

static int counted(struct sockaddr *sa, socklen_t len)
{
	int flag = 0;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	flag++;
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &flag, sizeof(flag));
	return connect(fd, sa, len);
}

static int keepalive;

static struct setting {
	const char *name;
	int *where;
} settings[] = { { "keepalive", &keepalive } };

static int setting(struct sockaddr *sa, socklen_t len, int value)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	*settings[0].where = value;
	if (keepalive)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &keepalive, sizeof(keepalive));
	return connect(fd, sa, len);
}

static int pairs[][2] = { { SOL_SOCKET, SO_KEEPALIVE }, { IPPROTO_TCP, TCP_NODELAY } };
static int others[][2] = { { SOL_SOCKET, SO_REUSEADDR }, { IPPROTO_TCP, TCP_NODELAY } };

static int paired(struct sockaddr *sa, socklen_t len)
{
	int i, fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	for (i = 0; i < 2; i++)
		setsockopt(fd, pairs[i][0], pairs[i][1], &one, sizeof(one));
	return connect(fd, sa, len);
}

static int paired_others(struct sockaddr *sa, socklen_t len)
{
	int i, fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	for (i = 0; i < 2; i++)
		setsockopt(fd, others[i][0], others[i][1], &one, sizeof(one));
	return connect(fd, sa, len);
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;

	by_typedef(sa, 1, argc);
	with_bit(sa, 1);
	without_bit(sa, 1);
	put_together(sa, 1);
	counted(sa, 1);
	setting(sa, 1, argc);
	paired(sa, 1);
	return paired_others(sa, 1);
}
