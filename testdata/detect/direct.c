/* Keepalive by setsockopt in the same function. */
#include <sys/socket.h>

static int plain(struct sockaddr *sa, socklen_t len)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(fd, sa, len);
}

static int compound(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &(int){ 1 }, sizeof(int));
	return connect(fd, sa, len);
}

static int other_option(struct sockaddr *sa, socklen_t len)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return connect(fd, sa, len);
}

static int other_descriptor(struct sockaddr *sa, socklen_t len)
{
	int on = 1;
	int a = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	int b = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	setsockopt(a, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	connect(a, sa, len);
	return connect(b, sa, len);
}

static int switched_off(struct sockaddr *sa, socklen_t len)
{
	int off = 0;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof(off));
	return connect(fd, sa, len);
}

static int reused(struct sockaddr *sa, socklen_t len)
{
	int on = 1, fd;

	fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
	if (connect(fd, sa, len) < 0) {
		close(fd);
		fd = socket(AF_INET6, SOCK_STREAM, 0); /* want: covered tcp client set */
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
		connect(fd, sa, len);
	}
	return fd;
}

static int chained(struct sockaddr *sa, socklen_t len)
{
	int on = 1, fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0 || /* want: covered tcp client set */
	    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) < 0 ||
	    connect(fd, sa, len) < 0)
		return -1;
	return fd;
}

static int reading(struct sockaddr *sa, socklen_t len)
{
	int on;
	socklen_t size = sizeof(on);
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, &size);
	return connect(fd, sa, len);
}
