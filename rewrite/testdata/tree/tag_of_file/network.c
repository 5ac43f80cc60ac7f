#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "debug.h"

int network_listen(const struct sockaddr_in *at)
{
	const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
	{
		debug_warning("network", "socket: %s\n", strerror(errno));
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, (char *)&on, sizeof(on)) < 0)
	{
		debug_warning("network", "setsockopt(SO_REUSEADDR): %s\n", strerror(errno));
	}
	if (bind(fd, (const struct sockaddr *)at, sizeof(*at)) < 0 || listen(fd, 1) < 0)
	{
		debug_warning("network", "listen: %s\n", strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}
