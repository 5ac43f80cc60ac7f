/* Keepalive that is switched on and off again. */
#include <sys/socket.h>

static int off_again(struct sockaddr *sa, socklen_t len)
{
	int on = 1, off = 0;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof(off));
	return connect(fd, sa, len);
}

static int sometimes(int keep, struct sockaddr *sa, socklen_t len)
{
	int on = 1, off = 0;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	if (!keep)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof(off));
	return connect(fd, sa, len);
}

static int on_at_last(struct sockaddr *sa, socklen_t len)
{
	int on = 1, off = 0;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof(off));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(fd, sa, len);
}

/* The other way switches it off: whoever sets keep decides. */
static int either_way(int keep, struct sockaddr *sa, socklen_t len)
{
	int val;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	if (!keep) {
		val = 0;
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &val, sizeof(val));
		return connect(fd, sa, len);
	}
	val = 1;
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &val, sizeof(val));
	return connect(fd, sa, len);
}

static int kept(void)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return fd;
}

static int by_caller(struct sockaddr *sa, socklen_t len)
{
	int off = 0, fd = kept();

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof(off));
	return connect(fd, sa, len);
}

static int shared(void)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return fd;
}

static int one_caller(struct sockaddr *sa, socklen_t len)
{
	int off = 0, fd = shared();

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof(off));
	return connect(fd, sa, len);
}

static int another(struct sockaddr *sa, socklen_t len)
{
	return connect(shared(), sa, len);
}
