#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { KIND_UNIX, KIND_TCP };

struct server {
	int fd;
	enum kind kind;
	int clients;
};

extern void *watch(int fd, void *data);

/* The options for TCP have a branch of their own, behind the limit. */
int on_connect(struct server *server)
{
	struct sockaddr_storage addr;
	socklen_t len = sizeof(addr);
	int fd, val;

	fd = accept(server->fd, (struct sockaddr *)&addr, &len);
	if (fd < 0)
		return -1;

	if (server->clients >= 64) {
		errno = ECONNREFUSED;
		goto fail;
	}
	server->clients++;
	if (watch(fd, server) == NULL)
		goto fail;

	if (server->kind == KIND_UNIX) {
		printf("local\n");
	} else if (server->kind == KIND_TCP) {
		val = 1;
		if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &val, sizeof(val)) < 0)
			fprintf(stderr, "TCP_NODELAY failed: %s\n", strerror(errno));
	}
	return fd;
fail:
	close(fd);
	return -1;
}
