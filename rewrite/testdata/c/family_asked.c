#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <netdb.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The function makes the unix socket's address itself. */
int dial(const char *host, const char *port, const char *path)
{
	struct addrinfo hints, *res, *rp;
	struct sockaddr_un un;
	int fd = -1;

	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	if (host) {
		if (getaddrinfo(host, port, &hints, &res) != 0)
			return -1;
	} else {
		memset(&un, 0, sizeof(un));
		un.sun_family = AF_UNIX;
		strncpy(un.sun_path, path, sizeof(un.sun_path) - 1);
		hints.ai_family = AF_UNIX;
		hints.ai_addr = (struct sockaddr *)&un;
		hints.ai_addrlen = sizeof(un);
		res = &hints;
	}
	for (rp = res; rp; rp = rp->ai_next) {
		int family = rp->ai_family;

		fd = socket(family, SOCK_STREAM, 0);
		if (fd == -1) {
			fprintf(stderr, "cannot create socket: %s\n", strerror(errno));
			continue;
		}
		if (connect(fd, rp->ai_addr, rp->ai_addrlen) != -1)
			break;
		close(fd);
		fd = -1;
	}
	return fd;
}

static int listen_at(const struct sockaddr *at, socklen_t len, int family)
{
	int lfd = socket(family, SOCK_STREAM, 0);

	if (lfd < 0)
		return -1;
	if (bind(lfd, at, len) < 0 || listen(lfd, 5) < 0) {
		close(lfd);
		return -1;
	}
	return lfd;
}

/* The switch has two arms for the internet. */
static int take(int lfd)
{
	struct sockaddr from;
	socklen_t len = sizeof(from);
	int fd;

	if ((fd = accept(lfd, &from, &len)) < 0) {
		perror("accept");
		return -1;
	}
	printf("new peer\n");
	switch (from.sa_family) {
	case AF_LOCAL:
		printf("local\n");
		break;
	case AF_INET:
		break;
	case AF_INET6:
	default:
		break;
	}
	return fd;
}

/* This one does not ask. */
static int take_any(int lfd)
{
	struct sockaddr from;
	socklen_t len = sizeof(from);
	int fd;

	if ((fd = accept(lfd, &from, &len)) < 0) {
		perror("accept");
		return -1;
	}
	return fd;
}

/* Some builds have no unix sockets. */
int dial_local(const struct sockaddr *in, socklen_t len, const struct sockaddr *un)
{
	int family = AF_INET, fd;

#ifdef USE_UNIX
	if (un != NULL)
		family = AF_UNIX;
#endif
	fd = socket(family, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return -1;
	}
	if (connect(fd, family == AF_INET ? in : un, len) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int serve(const struct sockaddr_in *in, const struct sockaddr_un *un, int local)
{
	int lfd;

	if (local)
		lfd = listen_at((const struct sockaddr *)un, sizeof(*un), AF_UNIX);
	else
		lfd = listen_at((const struct sockaddr *)in, sizeof(*in), AF_INET);
	if (take(lfd) < 0)
		return -1;
	return take_any(lfd);
}
