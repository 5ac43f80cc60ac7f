/* A sibling's message that goes on about its own option, and one that names the
 * sibling's descriptor. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void log_err(const char *fmt, ...);

int reach(const struct sockaddr_in *to)
{
	int on = 1, fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		log_err("net: socket: %s\n", strerror(errno));
		return -1;
	}
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0)
		log_err("net: cannot set TCP_NODELAY option on socket (%s), disable with 'nodelay=0'\n", strerror(errno));
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
		log_err("net: connect: %s\n", strerror(errno));
	return fd;
}

int serve(const struct sockaddr_in *at)
{
	int cfd, lfd, on = 1;

	if ((lfd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
		return -1;
	if (setsockopt(lfd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
		log_err("serve: setsockopt(%d, SO_REUSEADDR): %s\n", lfd, strerror(errno));
	if (bind(lfd, (const struct sockaddr *)at, sizeof(*at)) < 0 || listen(lfd, 5) < 0)
		return -1;
	if ((cfd = accept(lfd, NULL, NULL)) < 0) {
		close(lfd);
		return -1;
	}
	return cfd;
}
