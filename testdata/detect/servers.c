/* Listeners that lie in structs, globals and other files. */
#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "servers.h"

static int local_fd = -1;

static int take(int lfd)
{
	int fd;

	do
		fd = accept(lfd, NULL, NULL); /* want: covered tcp accepted set */
	while (fd < 0 && errno == EINTR);
	return fd;
}

static void serve(struct server *s)
{
	int on = 1, fd = take(s->listen_fd);

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static void serve_local(void)
{
	struct sockaddr_un peer;
	socklen_t len = sizeof(peer);
	int fd = accept(local_fd, (struct sockaddr *)&peer, &len); /* want: not-tcp accepted */

	write(fd, "x", 1);
}

static void serve_far(void)
{
	int fd = accept(far_fd, NULL, NULL); /* want: missing tcp accepted */

	write(fd, "x", 1);
}

int main(void)
{
	struct server s;
	struct sockaddr_un sun;

	start(&s);
	local_fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */
	bind(local_fd, (struct sockaddr *)&sun, sizeof(sun));
	listen(local_fd, 1);
	open_far();
	serve(&s);
	serve_local();
	serve_far();
	return 0;
}
