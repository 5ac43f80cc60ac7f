#include <netdb.h>
#include <string.h>
#include "servers.h"

int far_fd = -1;

static int make_listener(const char *port)
{
	struct addrinfo hints, *res;
	int fd;

	memset(&hints, 0, sizeof(hints));
	hints.ai_flags = AI_PASSIVE;
	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(NULL, port, &hints, &res))
		return -1;
	fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol); /* want: covered tcp listener */
	bind(fd, res->ai_addr, res->ai_addrlen);
	listen(fd, 5);
	return fd;
}

void start(struct server *s)
{
	s->listen_fd = make_listener("80");
}

void open_far(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };

	far_fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */
	bind(far_fd, (struct sockaddr *)&sin, sizeof(sin));
	listen(far_fd, 5);
}
