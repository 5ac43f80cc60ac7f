#include <netinet/in.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void fail(const char *s);
static int sockfd;

/* The inner block sees the variable of the outer one. */
void open_any(struct sockaddr_in6 *a6, struct sockaddr_in *a4)
{
	int ipv6 = 1;

	sockfd = socket(AF_INET6, SOCK_STREAM, 0);
	if (sockfd < 0)
		ipv6 = 0;
	if (ipv6 && connect(sockfd, (struct sockaddr *)a6, sizeof(*a6)) < 0)
		ipv6 = 0;
	if (!ipv6) {
		sockfd = socket(AF_INET, SOCK_STREAM, 0);
		if (sockfd < 0)
			fail("socket");
		char name[10];
		sprintf(name, "%d", sockfd);
		if (connect(sockfd, (struct sockaddr *)a4, sizeof(*a4)) < 0)
			fail(name);
	}
}

/* Each arm has declarations of its own. */
int open_host(const char *host, const char *port)
{
	int sock;
#ifdef HAVE_GETADDRINFO
	struct addrinfo *ai;

	if (getaddrinfo(host, port, NULL, &ai) != 0)
		return -1;
	sock = socket(AF_INET, SOCK_STREAM, 0);
	if (sock == -1)
		return -1;
	if (connect(sock, ai->ai_addr, ai->ai_addrlen) != 0)
		return -1;
#else
	struct sockaddr_in sin;

	memset(&sin, 0, sizeof(sin));
	sock = socket(AF_INET, SOCK_STREAM, 0);
	if (sock == -1)
		return -1;
	if (connect(sock, (struct sockaddr *)&sin, sizeof(sin)) != 0)
		return -1;
#endif
	return sock;
}

/* Nothing is declared before the call, but behind it. */
int attach(int *fd, struct sockaddr *sa, socklen_t len)
{
	/* -1 is none */
	if (*fd == -1 && (*fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
		return -1;
	char name[10];
	sprintf(name, "%d", *fd);
	if (connect(*fd, sa, len) < 0)
		fail(name);
	return 0;
}
