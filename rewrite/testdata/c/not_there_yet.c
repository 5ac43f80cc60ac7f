/* Messages of further down name what is made only there: an object, a buffer, a
 * number. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct engine {
	int (*print_log)(const char *fmt, ...);
} engine_t;

typedef struct conn {
	engine_t *engine;
	int fd;
} conn_t;

int conn_make(conn_t **c, engine_t *engine);

int take(engine_t *engine, int lfd)
{
	conn_t *c = NULL;
	int fd = -1;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		return -1;
	}

	if (conn_make(&c, engine) < 0)
		return -1;
	if (shutdown(fd, SHUT_WR) == -1) {
		c->engine->print_log("error %d in shutdown(%d)\n", errno, fd);
		return -1;
	}
	c->fd = fd;
	return 0;
}

int take_named(int lfd)
{
	char *name;
	int fd;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0)
		return -1;
	name = getenv("PEER");
	if (shutdown(fd, SHUT_WR) == -1) {
		fprintf(stderr, "%s: shutdown: %s\n", name, strerror(errno));
		return -1;
	}
	if (listen(fd, 1) == -1)
		fprintf(stderr, "listen: %s\n", strerror(errno));
	return fd;
}

int reach(const struct addrinfo *ai)
{
	const char *name = NULL;
	int fd;

	name = ai->ai_canonname;
	if ((fd = socket(ai->ai_family, SOCK_STREAM, 0)) < 0) {
		fprintf(stderr, "%s: cannot create a socket: %s\n", name, strerror(errno));
		return -1;
	}
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}
