/* Macros of libraries whose text is not in the tree: the value goes through. */
#include <sys/socket.h>

static int on = 1;

static int retried(struct sockaddr *sa, socklen_t len)
{
	int fd = TEMP_FAILURE_RETRY(socket(AF_INET, SOCK_STREAM, 0)); /* want: covered tcp client set */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(fd, sa, len);
}

static void steal(int lfd)
{
	int fd = G_UNLIKELY(accept(lfd, 0, 0)); /* want: missing accepted */

	write(fd, "x", 1);
}
