#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct conn {
	int fd;
	const char *host;
};

#define CONN_DBG(fmt, conn, ...) fprintf(stderr, "%s: " fmt "\n", (conn)->host, ##__VA_ARGS__)
#define log_critical(conn, fmt, ...) fprintf(stderr, "%s: " fmt "\n", (conn)->host, __VA_ARGS__)

int conn_open(struct conn *c, struct sockaddr_in *sa)
{
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd == -1) {
		CONN_DBG("Socket creation failed, %s", c, strerror(errno));
		return -1;
	}

	if (connect(c->fd, (struct sockaddr *)sa, sizeof(*sa)) == -1 && errno != EINPROGRESS) {
		CONN_DBG("Could not establish connection in time", c);
		close(c->fd);
		return -1;
	}

	return 0;
}

int conn_dial(struct conn *c, struct sockaddr_in *sa)
{
	int sock = socket(AF_INET, SOCK_STREAM, 0);
	if (sock < 0) {
		log_critical(c, "%s", "Could not just open a socket");
		return -1;
	}

	if (connect(sock, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		log_critical(c, "Could not connect to %s [%s]", c->host, strerror(errno));
		close(sock);
		return -1;
	}

	return sock;
}

int conn_again(struct conn *c, struct sockaddr_in *sa, int port)
{
	int sock = socket(AF_INET, SOCK_STREAM, 0);
	if (sock < 0) {
		log_critical(c, "no socket for port %d", port);
		return -1;
	}

	if (connect(sock, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		close(sock);
		return -1;
	}

	return sock;
}
