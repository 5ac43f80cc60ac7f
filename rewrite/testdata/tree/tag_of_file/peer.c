#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include "debug.h"

struct conn { int fd, listener; };

void finish(struct conn *c);

void incoming(struct conn *c)
{
	struct sockaddr addr;
	socklen_t len = sizeof(addr);

	debug_info("oscar", "Accepting a connection.\n");
	c->fd = accept(c->listener, &addr, &len);
	if (c->fd < 0)
	{
		/* Not ready yet, or bad. */
		return;
	}
	if (addr.sa_family != AF_INET)
	{
		debug_warning("oscar", "Not an address of this kind.\n");
		close(c->fd);
		return;
	}
	finish(c);
}
