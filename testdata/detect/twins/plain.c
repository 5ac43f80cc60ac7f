#include <sys/socket.h>

static void tune(int fd)
{
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
}

int plain(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	tune(fd);
	return connect(fd, sa, len);
}
