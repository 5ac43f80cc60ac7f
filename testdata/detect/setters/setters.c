#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include "setters.h"

struct option {
	const char *name;
	int level;
	int option;
	int value;
};

static struct option options[] = {
	{ "reuseaddr", SOL_SOCKET, SO_REUSEADDR, 1 },
	{ "keepalive", SOL_SOCKET, SO_KEEPALIVE, 1 },
	{ "nodelay", IPPROTO_TCP, TCP_NODELAY, 1 },
	{ 0 }
};

int set_int(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, (void *)&value, sizeof(value));
}

int set_keepalive(int fd, int on)
{
	return set_int(fd, SOL_SOCKET, SO_KEEPALIVE, on);
}

void set_options(int fd)
{
	struct option *o;

	for (o = options; o->name; o++)
		setsockopt(fd, o->level, o->option, &o->value, sizeof(o->value));
}
