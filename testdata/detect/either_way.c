/* A socket that one way of the function listens with and the other connects. */
#include <sys/socket.h>
#include <netinet/in.h>

static int enable(int fd)
{
	int on = 1;

	return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

int open_way(struct sockaddr_in *sin, int server)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp */

	if (server) {
		bind(fd, (struct sockaddr *)sin, sizeof(*sin));
		listen(fd, 1);
		return accept(fd, NULL, NULL); /* want: missing tcp accepted */
	}
	enable(fd);
	return connect(fd, (struct sockaddr *)sin, sizeof(*sin));
}

static int wait_for(int fd)
{
	listen(fd, 1);
	return accept(fd, NULL, NULL); /* want: covered tcp accepted inherited */
}

int open_both(struct sockaddr_in *sin, int quick)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp listener */

	bind(fd, (struct sockaddr *)sin, sizeof(*sin));
	if (!quick)
		enable(fd);
	return wait_for(fd);
}
