/* Keepalive that is switched on and off again. */
#include <sys/socket.h>

static int off_again(struct sockaddr *sa, socklen_t len)
{
	int on = 1, off = 0;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof(off));
	return connect(fd, sa, len);
}
