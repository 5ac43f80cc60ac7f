/* The system's calls under names of the program's own. */
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "aliased/os.h"

int dial(const struct sockaddr_in *sin)
{
	int fd = os_socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	if (fd == -1)
		return -1;
	if (connect(fd, (const struct sockaddr *)sin, sizeof(*sin)) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

int serve(const struct sockaddr_in *sin)
{
	int lfd = os_socket(AF_INET, SOCK_STREAM, 0), fd, on = 1; /* want: covered tcp listener */

	if (lfd == -1 || bind(lfd, (const struct sockaddr *)sin, sizeof(*sin)) == -1 || listen(lfd, 5) == -1)
		return -1;
	fd = os_accept(lfd, NULL, NULL); /* want: covered tcp accepted */
	if (fd != -1)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return fd;
}

/* This one is a function of the program's own, whatever the header says. */
int own_socket(int kind)
{
	return kind;
}

int kinds(void)
{
	return own_socket(SOCK_STREAM);
}
