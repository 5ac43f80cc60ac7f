/* Keepalive under run-time options of several kinds. */
#include <string.h>
#include <sys/socket.h>

static int keepalive;
static int idle = 60;

static void tune(int fd, int on)
{
	if (!on)
		return;
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static int early_return(SA *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	tune(fd, keepalive);
	return connect(fd, sa, len);
}

static int conjunction(SA *sa, socklen_t len)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	if (keepalive && setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		return -1;
	return connect(fd, sa, len);
}

static int alternative(SA *sa, socklen_t len)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	switch (keepalive) {
	case 1:
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
		break;
	}
	return connect(fd, sa, len);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "-k"))
		keepalive = 1;
	return early_return((SA *)argv, 1) + conjunction((SA *)argv, 1) + alternative((SA *)argv, 1);
}

/* The condition that the socket itself is made under is none of keepalive's. */
static int together(int tcp, SA *sa, socklen_t len)
{
	int on = 1, fd = -1;

	if (tcp) {
		fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
		connect(fd, sa, len);
	}
	return fd;
}

static void forked(SA *sa, socklen_t len)
{
	int on = 1, pid;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	pid = fork();
	switch (pid) {
	case 0:
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
		connect(fd, sa, len);
		exit(0);
	}
}

struct conn { int fd; };

static int there(struct conn *c, SA *sa, socklen_t len)
{
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	if (c)
		setsockopt(c->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(c->fd, sa, len);
}
