/* options: idle=60 interval=10 count=6 */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int setNonBlocking(int fd)
{
	int flags = fcntl(fd, F_GETFL, 0);

	return fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

static int watch(int ep, int lfd)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fd;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0)
		return -1;
	if (setNonBlocking(fd) < 0) {
		close(fd);
		return -1;
	}
	ev.data.fd = fd;
	return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
}

int serve(int ep, int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int lfd;

	sin.sin_port = htons(port);
	lfd = socket(AF_INET, SOCK_STREAM, 0);
	if (lfd < 0)
		return -1;
	if (bind(lfd, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(lfd, 5) < 0) {
		close(lfd);
		return -1;
	}
	while (watch(ep, lfd) == 0)
		continue;
	return 0;
}
