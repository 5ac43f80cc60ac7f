#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int new_socket(int domain, int type)
{
#ifdef SOCK_CLOEXEC
	int fd = socket(domain, type | SOCK_CLOEXEC, 0);
	if (fd >= 0 || errno != EINVAL)
		return fd;
#endif

	return socket(domain, type, 0);
}

static int pin(int fd, const char *device)
{
	if (device)
		return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, strlen(device));
	return 0;
}

int call(const struct sockaddr *to, socklen_t len, const char *device)
{
	int fd;

	switch (to->sa_family) {
	case AF_INET:
		fd = new_socket(AF_INET, SOCK_STREAM);
		if (pin(fd, device) < 0) {
			fprintf(stderr, "cannot bind to %s\n", device);
			return -1;
		}
		break;
	case AF_INET6:
		fd = new_socket(AF_INET6, SOCK_STREAM);
		if (pin(fd, device) < 0) {
			fprintf(stderr, "cannot bind to %s\n", device);
			return -1;
		}
		break;
	default:
		return -1;
	}

	if (fd == -1) {
		fprintf(stderr, "no socket: %s\n", strerror(errno));
		return -1;
	}

	if (connect(fd, to, len) < 0) {
		fprintf(stderr, "cannot connect: %s\n", strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}
