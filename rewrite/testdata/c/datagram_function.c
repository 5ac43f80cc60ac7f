#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum { BY_TCP = 1, BY_UDP, BY_CAST };

struct peer { int kind, fd; struct sockaddr_in at; };

static int stream(int family)
{
	return socket(family, SOCK_STREAM, 0);
}

static int datagram(int family)
{
	int sk = socket(family, SOCK_DGRAM, 0);

	if (sk == -1)
		fprintf(stderr, "datagram: %s\n", strerror(errno));
	return sk;
}

static int cast(int family)
{
	int sk = datagram(family), on = 1;

	if (sk != -1)
		setsockopt(sk, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	return sk;
}

int ask(struct peer *p)
{
	if (p->kind == BY_TCP)
		p->fd = stream(AF_INET);
	else if (p->kind == BY_UDP)
		p->fd = datagram(AF_INET);
	else
		p->fd = cast(AF_INET);

	if (p->fd == -1) {
		fprintf(stderr, "cannot ask: %s\n", strerror(errno));
		return -1;
	}

	return connect(p->fd, (struct sockaddr *)&p->at, sizeof(p->at));
}
