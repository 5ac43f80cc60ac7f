/* Descriptors in arrays, each under an index of its own. */
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

enum { SLOT_NET, SLOT_LOCAL };
#define CTRL 2

static struct pollfd fds[8];
static int ports[4];

static void open_all(struct sockaddr_in *sin, struct sockaddr_un *sun)
{
	fds[SLOT_NET].fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */
	bind(fds[SLOT_NET].fd, (struct sockaddr *)sin, sizeof(*sin));
	listen(fds[SLOT_NET].fd, 5);
	fds[SLOT_LOCAL].fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */
	bind(fds[SLOT_LOCAL].fd, (struct sockaddr *)sun, sizeof(*sun));
	listen(fds[SLOT_LOCAL].fd, 5);
	ports[1] = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */
	bind(ports[1], (struct sockaddr *)sin, sizeof(*sin));
	listen(ports[1], 5);
	ports[CTRL] = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */
	bind(ports[CTRL], (struct sockaddr *)sun, sizeof(*sun));
	listen(ports[CTRL], 5);
}

static int pair(struct sockaddr_in *sin, struct sockaddr_un *sun)
{
	int both[2];

	both[0] = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */
	both[1] = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */
	bind(both[0], (struct sockaddr *)sun, sizeof(*sun));
	bind(both[1], (struct sockaddr *)sin, sizeof(*sin));
	listen(both[0], 1);
	listen(both[1], 1);
	if (accept(both[0], NULL, NULL) < 0) /* want: not-tcp accepted */
		return -1;
	return accept(both[1], NULL, NULL); /* want: missing tcp accepted */
}

/* An index that is no constant may be any. */
static int any(int i)
{
	return accept(ports[i], NULL, NULL); /* want: missing maybe-tcp accepted */
}

int main(void)
{
	struct sockaddr_in sin = { AF_INET };
	struct sockaddr_un sun = { AF_UNIX };
	int fd, on = 1;

	open_all(&sin, &sun);
	while (poll(fds, 2, -1) > 0) {
		if (fds[0].revents)
			fd = accept(fds[SLOT_NET].fd, NULL, NULL); /* want: missing tcp accepted */
		if (fds[1].revents)
			fd = accept(fds[SLOT_LOCAL].fd, NULL, NULL); /* want: not-tcp accepted */
		fd = accept(ports[1], NULL, NULL); /* want: covered tcp accepted set */
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
		fd = accept(ports[2], NULL, NULL); /* want: not-tcp accepted */
	}
	return pair(&sin, &sun) + any(fd);
}
