#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* It accepts for two listeners; the callers set the options. */
static int take(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0)
		return -1;
	return fd;
}

static int listen_on(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)sin, sizeof(*sin)) < 0 || listen(fd, 5) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int monitored(struct sockaddr_in *sin)
{
	int lfd = listen_on(sin), fd, on = 1;

	if ((fd = take(lfd)) < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		return -1;
	return fd;
}

int plain(struct sockaddr_in *sin)
{
	int lfd;

	lfd = socket(AF_INET, SOCK_STREAM, 0);
	if (lfd < 0)
		return -1;
	if (bind(lfd, (struct sockaddr *)sin, sizeof(*sin)) < 0 || listen(lfd, 5) < 0) {
		close(lfd);
		return -1;
	}
	return take(lfd);
}
