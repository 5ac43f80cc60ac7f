/* A client and a server in one process, and what keepalive says on each end. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include "net.h"

/* A port of its own. */
/* The descriptor, or -1. */
static int listening(struct sockaddr_in *sa)
{
	socklen_t len = sizeof(*sa);
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return -1;
	}
	memset(sa, 0, sizeof(*sa));
	sa->sin_family = AF_INET;
	sa->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0 || listen(fd, 1) < 0 ||
	    getsockname(fd, (struct sockaddr *)sa, &len) < 0) {
		perror("listen");
		close(fd);
		return -1;
	}
	return fd;
}

/* A connection to an address. */
/* The descriptor, or -1. */
static int dial(struct sockaddr_in *sa)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return -1;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		perror("connect");
		close(fd);
		return -1;
	}
	return fd;
}

static int answer(int lfd)
{
	int fd;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		perror("accept");
		return -1;
	}
	return fd;
}

static int option(int fd, int level, int name)
{
	int val = -1;
	socklen_t len = sizeof(val);

	getsockopt(fd, level, name, &val, &len);
	return val;
}

static void tell(const char *who, int fd)
{
	printf("%s %d %d:%d:%d\n", who, option(fd, SOL_SOCKET, SO_KEEPALIVE), option(fd, IPPROTO_TCP, TCP_KEEPIDLE),
	       option(fd, IPPROTO_TCP, TCP_KEEPINTVL), option(fd, IPPROTO_TCP, TCP_KEEPCNT));
}

int run(void)
{
	struct sockaddr_in sa;
	int lfd, cfd, sfd;

	lfd = listening(&sa);
	if (lfd < 0)
		return 1;
	cfd = dial(&sa);
	sfd = answer(lfd);
	if (cfd < 0 || sfd < 0)
		return 1;
	tell("client", cfd);
	tell("accepted", sfd);
	return 0;
}
