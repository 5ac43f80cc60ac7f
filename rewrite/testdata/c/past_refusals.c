#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_PEERS 8

struct desk {
	int peer;
	int count;
	int peers[MAX_PEERS];
};

/* one guest at a time */
void desk_single(struct desk *d, int lfd)
{
	int val = 1;
	int fd;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		perror("accept");
		return;
	}

	if (d->peer >= 0) {
		printf("busy\n");
		close(fd);
		return;
	}

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &val, sizeof(val));

	d->peer = fd;
}

static void close_on_exec(int fd)
{
	fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* two ways to be turned away, an option between */
int desk_many(struct desk *d, int lfd)
{
	int ret;
	int fd;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0)
		return -1;
	ret = 0;
	close_on_exec(fd);
	if (fd >= FD_SETSIZE) {
		close(fd);
		return ret;
	}
	if (d->count == MAX_PEERS) {
		fprintf(stderr, "no more room\n");
		close(fd);
		return ret;
	}
	d->peers[d->count++] = fd;
	return ret;
}

/* what may fail comes after */
int desk_named(struct desk *d, int lfd)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	int fd;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0)
		return -1;
	if (getpeername(fd, (struct sockaddr *)&sin, &len) < 0) {
		close(fd);
		return -1;
	}
	d->peer = fd;
	return ntohs(sin.sin_port);
}
