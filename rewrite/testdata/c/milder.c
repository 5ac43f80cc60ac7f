#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void net_error(const char *fmt, ...);
void net_warn(const char *fmt, ...);

int dial(struct sockaddr_in *sa)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		net_error("can't create socket: %s", strerror(errno));
		return -1;
	}
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		net_warn("can't set close-on-exec: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		net_error("can't connect: %s", strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}
