#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netdb.h>
#include <stdio.h>
#include <unistd.h>

static int listen_sock, sock, side_sock;

/* Three blocks are one function, whose call is not put between a value and the call that gets it. */
int side_open(struct addrinfo *ai)
{
	side_sock = socket(ai->ai_family, SOCK_STREAM, 0);
	if (side_sock < 0) {
		perror("socket");
		return side_sock;
	}
	return connect(side_sock, ai->ai_addr, ai->ai_addrlen);
}

int sock_open(struct addrinfo *ai)
{
	int ret;

	sock = socket(ai->ai_family, SOCK_STREAM, 0);
	if (sock < 0) {
		perror("socket");
		return sock;
	}

	ret = connect(sock, ai->ai_addr, ai->ai_addrlen);
	if (ret)
		perror("connect");
	return ret;
}

int sock_accept(void)
{
	int ret, op;

	sock = accept(listen_sock, NULL, 0);
	if (sock < 0) {
		ret = sock;
		perror("accept");
		return ret;
	}

	op = 1;
	ret = setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, (void *)&op, sizeof(op));
	if (ret)
		perror("setsockopt");
	return 0;
}

int sock_listen(struct addrinfo *ai)
{
	listen_sock = socket(ai->ai_family, SOCK_STREAM, 0);
	if (listen_sock < 0 || bind(listen_sock, ai->ai_addr, ai->ai_addrlen) < 0)
		return -1;
	return listen(listen_sock, 1);
}
