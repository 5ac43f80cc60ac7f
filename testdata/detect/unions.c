/* Addresses of all kinds in a union: what fills in one member fills in them all. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

union any_address {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

struct point {
	int fd;
	union any_address at;
};

static int open_at(const union any_address *a, socklen_t len)
{
	int fd = socket(a->sa.sa_family, SOCK_STREAM, 0); /* want: not-tcp client */

	return connect(fd, &a->sa, len) < 0 ? -1 : fd;
}

int local(const char *path)
{
	union any_address a;

	memset(&a, 0, sizeof(a));
	a.un.sun_family = AF_UNIX;
	strncpy(a.un.sun_path, path, sizeof(a.un.sun_path) - 1);
	return open_at(&a, sizeof(a.un));
}

static int hear(struct point *p)
{
	p->fd = socket(p->at.sa.sa_family, SOCK_STREAM, 0); /* want: not-tcp listener */
	bind(p->fd, &p->at.sa, sizeof(p->at));
	return listen(p->fd, 5);
}

static struct point *point_new(const union any_address *a, socklen_t len)
{
	struct point *p = calloc(1, sizeof(*p));

	memcpy(&p->at, a, len);
	return p;
}

int hear_locally(const char *path)
{
	union any_address a;

	memset(&a, 0, sizeof(a));
	a.un.sun_family = AF_UNIX;
	strncpy(a.un.sun_path, path, sizeof(a.un.sun_path) - 1);
	return hear(point_new(&a, sizeof(a.un)));
}

int both(int six)
{
	union any_address a;
	int fd;

	memset(&a, 0, sizeof(a));
	if (six)
		a.in6.sin6_family = AF_INET6;
	else
		a.in.sin_family = AF_INET;
	fd = socket(a.sa.sa_family, SOCK_STREAM, 0); /* want: missing tcp client */
	return connect(fd, &a.sa, sizeof(a));
}
