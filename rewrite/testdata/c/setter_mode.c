#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

/* The number that all calls pass turns on another option, or this one off. */
static void tune(int fd, int mode)
{
	int on = 1;

	switch (mode) {
	case 0:
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
		break;
	default:
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		break;
	}
}

static void keepalive(int fd, int on)
{
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static void quiet(int fd)
{
	int off = 0;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof(off));
}

int bound(const struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	tune(fd, 1);
	keepalive(fd, 0);
	quiet(fd);
	return bind(fd, (const struct sockaddr *)sin, sizeof(*sin));
}

int connected(const struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)sin, sizeof(*sin)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}
