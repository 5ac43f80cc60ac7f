/* Comments that silence a site, and such that do not. */
#include <sys/socket.h>

static int silenced(struct sockaddr *sa, socklen_t len)
{
	/* keepatch:ignore one request, then closed */
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: suppressed tcp client */

	return connect(fd, sa, len);
}

static int reasonless(struct sockaddr *sa, socklen_t len)
{
	/* keepatch:ignore */
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	return connect(fd, sa, len);
}
