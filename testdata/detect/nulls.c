/* What hangs on a pointer is not done where the caller has none to give. */
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

struct profile {
	unsigned flags;
	int idle;
};

#define PROFILE_PROBES 1

struct link {
	int fd;
};

static struct profile standard = { PROFILE_PROBES, 60 };

static void tune(int fd, const struct profile *pr)
{
	int on = 1;

	if (pr->flags & PROFILE_PROBES)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static struct link *add(int fd, const struct profile *pr)
{
	struct link *l = malloc(sizeof(*l));

	l->fd = fd;
	if (pr)
		tune(fd, pr);
	return l;
}

struct link *dial(struct sockaddr_in *sin, const struct profile *pr)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	if (fd < 0 || connect(fd, (struct sockaddr *)sin, sizeof(*sin)) < 0)
		return NULL;
	return add(fd, pr);
}

struct link *dial_plain(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	if (fd < 0 || connect(fd, (struct sockaddr *)sin, sizeof(*sin)) < 0)
		return NULL;
	return add(fd, NULL);
}

/* Without one it takes its own. */
static int adjust(int fd, const struct profile *pr)
{
	int on = 1;

	if (!pr)
		pr = &standard;
	if (pr != NULL)
		return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return 0;
}

int dial_standard(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	if (fd < 0 || adjust(fd, NULL) < 0)
		return -1;
	return connect(fd, (struct sockaddr *)sin, sizeof(*sin));
}

static int follow(int fd, const struct profile *pr)
{
	const struct profile *use = pr;
	int on = 1;

	if (use == NULL)
		return 0;
	return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

int dial_without(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	if (fd < 0 || follow(fd, 0) < 0)
		return -1;
	return connect(fd, (struct sockaddr *)sin, sizeof(*sin));
}

/* One of several that never change. */
struct manner {
	int probes;
};

static const struct manner quiet = { 0 };
static const struct manner watchful = { 1 };

static void behave(int fd, const struct manner *m)
{
	int on = 1;

	if (m->probes)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

int dial_quietly(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	behave(fd, &quiet);
	return connect(fd, (struct sockaddr *)sin, sizeof(*sin));
}

int dial_watchfully(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	behave(fd, &watchful);
	return connect(fd, (struct sockaddr *)sin, sizeof(*sin));
}
