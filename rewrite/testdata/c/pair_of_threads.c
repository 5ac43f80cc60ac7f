#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A pipe made of TCP: one thread connects to the port that the other was given. */
static int open_listener(int *port)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_port = htons(0);
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(fd, 1) < 0 ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) < 0) {
		close(fd);
		return -1;
	}
	*port = ntohs(sin.sin_port);
	return fd;
}

static int connect_here(int port)
{
	struct sockaddr_in sin;
	int fd;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin.sin_port = htons(port);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

struct end {
	int port, fd;
};

static void *connector(void *arg)
{
	struct end *e = arg;

	e->fd = connect_here(e->port);
	return NULL;
}

int pipe_init(int p[2])
{
	struct end e = { 0, -1 };
	pthread_t id;
	int fd = open_listener(&e.port);

	if (fd < 0)
		return -1;
	pthread_create(&id, NULL, connector, &e);
	p[0] = accept(fd, NULL, NULL);
	pthread_join(id, NULL);
	close(fd);
	if (p[0] < 0)
		return -1;
	p[1] = e.fd;
	return 0;
}

/* Another one, for whom it may concern. */
int serve(int port)
{
	struct sockaddr_in sin;
	int fd, lfd = socket(AF_INET, SOCK_STREAM, 0);

	if (lfd < 0)
		return -1;
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_port = htons(port);
	if (bind(lfd, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(lfd, 5) < 0)
		return -1;
	fd = accept(lfd, NULL, NULL);
	if (fd < 0)
		return -1;
	return fd;
}
