#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct peer {
	int fd;
	struct sockaddr_in addr;
};

extern int sim_accept(int lfd);
extern void hello(struct peer *p);

/* Takes the next connection, from the simulator in test builds. */
static int next_peer(int lfd, struct peer *p)
{
	socklen_t len = sizeof(p->addr);

#ifndef SIMULATOR
	return p->fd = accept4(lfd, (struct sockaddr *)&p->addr, &len, SOCK_NONBLOCK);
#else
	(void)len;
	return p->fd = sim_accept(lfd);
#endif
}

static int take(int lfd)
{
#ifdef SIMULATOR
	return sim_accept(lfd);
#else
	return accept(lfd, NULL, NULL);
#endif
}

void serve(int lfd)
{
	struct peer p;

	if (next_peer(lfd, &p) >= 0)
		hello(&p);
	p.fd = take(lfd);
	if (p.fd >= 0)
		hello(&p);
	p.fd = take(lfd);
	if (p.fd >= 0)
		hello(&p);
	if ((p.fd = take(lfd)) >= 0)
		hello(&p);
}
