#include <err.h>
#include <unistd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "opts.h"

int up(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1) {
		warn("socket");
		return -1;
	}
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) == -1) {
		warn("connect");
		close(fd);
		return -1;
	}
	return fd;
}
