/* One condition decides the kind of socket, and asks for it again where it is made. */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

enum carrier { CARRY_DATAGRAM, CARRY_STREAM };

struct output {
	struct output *next;
	enum carrier carrier;
	const char *host, *port;
	int fd;
};

int use_udp, flags;
#define F_DATAGRAM 4
#define F_LOCAL 8

int open_output(struct output *o)
{
	struct addrinfo hints, *list, *ai;

	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = o->carrier == CARRY_DATAGRAM ? SOCK_DGRAM : SOCK_STREAM;
	if (getaddrinfo(o->host, o->port, &hints, &list) != 0)
		return -1;
	if (o->carrier == CARRY_STREAM) {
		for (ai = list; ai; ai = ai->ai_next) {
			o->fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol); /* want: missing tcp client */
			if (o->fd >= 0 && connect(o->fd, ai->ai_addr, ai->ai_addrlen) == 0)
				break;
		}
	} else {
		o->fd = socket(list->ai_family, list->ai_socktype, list->ai_protocol); /* want: not-tcp */
	}
	freeaddrinfo(list);
	return o->fd;
}

/* A flag by itself, in a loop over many. */
void open_all(struct output *o, struct sockaddr *sa, socklen_t len)
{
	for (; o; o = o->next) {
		int type = SOCK_STREAM;

		if (use_udp)
			type = SOCK_DGRAM;
		if (!use_udp) {
			o->fd = socket(AF_INET6, type, 0); /* want: missing tcp client */
			connect(o->fd, sa, len);
			continue;
		}
		o->fd = socket(AF_INET, type, 0); /* want: not-tcp */
		sendto(o->fd, "", 1, 0, sa, len);
	}
}

/* One bit among several. */
int by_bit(struct sockaddr_in *sin)
{
	int type, fd;

	if (flags & F_DATAGRAM)
		type = SOCK_DGRAM;
	else
		type = SOCK_STREAM;
	if ((flags & F_DATAGRAM) != 0)
		return socket(AF_INET, type, 0); /* want: not-tcp */
	fd = socket(AF_INET, type, 0); /* want: missing tcp listener */
	bind(fd, (struct sockaddr *)sin, sizeof(*sin));
	listen(fd, 5);
	return fd;
}

/* The families, by a switch. */
int by_switch(struct output *o, struct sockaddr *sa, socklen_t len)
{
	int domain, fd = -1;

	switch (o->carrier) {
	case CARRY_STREAM:
		domain = AF_INET6;
		break;
	default:
		domain = AF_UNIX;
	}
	switch (o->carrier) {
	case CARRY_STREAM:
		fd = socket(domain, SOCK_STREAM, 0); /* want: missing tcp client */
		break;
	case CARRY_DATAGRAM:
		fd = socket(domain, SOCK_STREAM, 0); /* want: not-tcp client */
		break;
	}
	connect(fd, sa, len);
	return fd;
}

/* Another bit, or one that was changed meanwhile, says nothing. */
int by_other(struct sockaddr_in *sin)
{
	int type = flags & F_DATAGRAM ? SOCK_DGRAM : SOCK_STREAM;
	int local = use_udp, fd;

	if (flags & F_LOCAL)
		return socket(AF_INET, type, 0); /* want: missing maybe-tcp */
	if (local)
		type = SOCK_DGRAM;
	local = 1;
	if (local) {
		fd = socket(AF_INET, type, 0); /* want: missing maybe-tcp client */
		connect(fd, (struct sockaddr *)sin, sizeof(*sin));
		return fd;
	}
	return -1;
}

/* What was chosen for the one before. */
int by_turns(struct output *o, struct sockaddr_in *sin)
{
	int type = SOCK_DGRAM;

	for (; o; o = o->next) {
		if (o->carrier == CARRY_DATAGRAM) {
			o->fd = socket(AF_INET, type, 0); /* want: missing maybe-tcp client */
			connect(o->fd, (struct sockaddr *)sin, sizeof(*sin));
		}
		if (o->carrier == CARRY_STREAM)
			type = SOCK_STREAM;
	}
	return 0;
}

/* The number of a name is the name's. */
enum { KIND_PLAIN, KIND_PACKET };

int by_number(int kind, struct sockaddr_in *sin)
{
	int fd, type = kind == KIND_PLAIN ? SOCK_STREAM : SOCK_DGRAM;

	if (!kind) {
		fd = socket(AF_INET, type, 0); /* want: missing tcp client */
		connect(fd, (struct sockaddr *)sin, sizeof(*sin));
		return fd;
	}
	return socket(AF_INET, type, 0); /* want: not-tcp */
}
