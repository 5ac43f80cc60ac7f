/* Keepalive is set behind some calls of a function, and patched behind the others. */
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int dial(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, SOCK_STREAM, 0);

	if (fd == -1)
		return -1;
	if (connect(fd, a->ai_addr, a->ai_addrlen) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

static int keep(int fd)
{
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) == -1) {
		perror("SO_KEEPALIVE");
		return -1;
	}
	return 0;
}

int session(const struct addrinfo *a)
{
	int fd = dial(a);

	if (fd == -1)
		return -1;
	if (keep(fd) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Behind its check. */
int control(const struct addrinfo *a)
{
	int fd;

	if ((fd = dial(a)) == -1) {
		perror("dial");
		return -1;
	}
	return write(fd, "stop\n", 5);
}

/* Through another function, over the addresses of a host. */
static int dial_any(const struct addrinfo *a)
{
	int fd = -1;

	for (; a && fd == -1; a = a->ai_next)
		fd = dial(a);
	return fd;
}

int transfer(const struct addrinfo *a)
{
	int fd = dial_any(a);

	if (fd != -1 && keep(fd) == -1) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int status(const struct addrinfo *a, char *text, size_t size)
{
	int fd = dial_any(a), n;

	if (fd == -1)
		return -1;
	n = read(fd, text, size);
	close(fd);
	return n;
}

/* By a parameter: nobody can tell what the call's value is. */
static int dial_into(const struct sockaddr_in *sin, int *fd)
{
	*fd = socket(AF_INET, SOCK_STREAM, 0);
	return connect(*fd, (const struct sockaddr *)sin, sizeof(*sin));
}

int kept(const struct sockaddr_in *sin)
{
	int fd;

	if (dial_into(sin, &fd) == 0)
		keep(fd);
	return fd;
}

int left(const struct sockaddr_in *sin)
{
	int fd;

	if (dial_into(sin, &fd) == 0)
		write(fd, "x", 1);
	return fd;
}

/* By a function that sets more, which the others are not meant to get. */
static int dial_peer(const struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd != -1 && connect(fd, (const struct sockaddr *)sin, sizeof(*sin)) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

static void setup_sender(int fd)
{
	int size = 1 << 20, on = 1;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

int sender(const struct sockaddr_in *sin)
{
	int fd = dial_peer(sin);

	if (fd != -1)
		setup_sender(fd);
	return fd;
}

int receiver(const struct sockaddr_in *sin)
{
	int fd = dial_peer(sin);

	if (fd == -1)
		perror("receiver");
	return fd;
}
