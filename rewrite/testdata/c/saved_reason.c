#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void trace(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* What errno was is kept in front of the check: of the option it says nothing. */
int open_sink(const struct sockaddr_in *to, int use_tcp)
{
	int fd, xerrno;

	if (use_tcp)
		fd = socket(AF_INET, SOCK_STREAM, 0);
	else
		fd = socket(AF_INET, SOCK_DGRAM, 0);

	xerrno = errno;
	if (fd < 0) {
		trace("error opening socket: %s", strerror(xerrno));
		errno = xerrno;
		return -1;
	}

	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		xerrno = errno;
		trace("error connecting: %s", strerror(xerrno));
		(void) close(fd);
		errno = xerrno;
		return -1;
	}
	return fd;
}
