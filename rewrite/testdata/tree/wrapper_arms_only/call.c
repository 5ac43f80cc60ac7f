#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int new_socket(int domain, int type)
{
#ifdef SOCK_CLOEXEC
	int fd = socket(domain, type | SOCK_CLOEXEC, 0);
	if (fd != -1 || errno != EINVAL)
		return fd;
#endif

	return socket(domain, type, 0);
}

int call(const struct sockaddr *to, socklen_t len)
{
	int fd = new_socket(to->sa_family, SOCK_STREAM);

	if (fd < 0)
		return -1;
	if (connect(fd, to, len) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int notify(const struct sockaddr *to, socklen_t len)
{
	int fd = new_socket(to->sa_family, SOCK_DGRAM);

	if (fd >= 0 && connect(fd, to, len) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}
