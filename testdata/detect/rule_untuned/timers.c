#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include "rule_untuned.h"

static const struct { int level, name, value; } table[] = {
	{ SOL_SOCKET, SO_KEEPALIVE, 1 },
#ifdef TCP_KEEPIDLE
	{ IPPROTO_TCP, TCP_KEEPIDLE, 60 },
#endif
};

int keepalive(int fd)
{
	int on = 1;

	return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

int timers(int fd, int idle)
{
#if defined(TCP_KEEPIDLE)
	return setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
#else
	return 0;
#endif
}

int options(int fd)
{
	unsigned i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (setsockopt(fd, table[i].level, table[i].name, &table[i].value, sizeof(int)) < 0)
			return -1;
	return 0;
}
