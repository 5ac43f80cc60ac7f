#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "opts.h"

int down(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd == -1) {
		warn("accept");
		return -1;
	}
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &enabled, sizeof(enabled)) == -1)
		warn("TCP_NODELAY");
	return fd;
}
