#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Messages begin with the name of their function; one has the name that it had once. */
static void trace(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
}

int peer_listen(int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port) };
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		trace("peer_listen: unable to create socket: %s", strerror(errno));
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0)
		trace("srv_listen: unable to set SO_REUSEADDR");
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0) {
		trace("peer_listen: unable to bind: %s", strerror(errno));
		close(fd);
		return -1;
	}
	if (listen(fd, 5) < 0) {
		trace("peer_listen: unable to listen: %s", strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

int peer_take(int listener)
{
	int fd = accept(listener, NULL, NULL);
	char why[80];

	if (fd < 0) {
		if (strerror_r(errno, why, sizeof(why)))
			snprintf(why, sizeof(why), "errno = %d", errno);
		trace("peer_take: unable to accept: %s", why);
	} else {
		trace("peer_take: connection on %d", fd);
	}
	return fd;
}
