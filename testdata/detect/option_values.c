/* Options and values that are variables. */
#include <sys/socket.h>

struct options {
	int keepalive;
	int linger;
};

static int xsetsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	return setsockopt(fd, level, name, value, len);
}

static void sock_opt(int fd, int name, int value)
{
	xsetsockopt(fd, SOL_SOCKET, name, &value, sizeof(value));
}

static int variable(struct sockaddr *sa, socklen_t len)
{
	int opt = SO_KEEPALIVE, on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	setsockopt(fd, SOL_SOCKET, opt, &on, sizeof(on));
	return connect(fd, sa, len);
}

static int nested(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	sock_opt(fd, SO_KEEPALIVE, 1);
	return connect(fd, sa, len);
}

static int nested_other(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	sock_opt(fd, SO_LINGER, 1);
	return connect(fd, sa, len);
}

static int nested_off(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	sock_opt(fd, SO_KEEPALIVE, 0);
	return connect(fd, sa, len);
}

static int chosen(struct options *o, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	sock_opt(fd, SO_KEEPALIVE, o->keepalive);
	return connect(fd, sa, len);
}

static int listed(struct sockaddr *sa, socklen_t len)
{
	static const int names[] = { SO_REUSEADDR, SO_KEEPALIVE };
	int i, fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	for (i = 0; i < 2; i++)
		sock_opt(fd, names[i], 1);
	return connect(fd, sa, len);
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;
	struct options o;

	o.keepalive = argc > 1;
	variable(sa, 1);
	nested(sa, 1);
	nested_other(sa, 1);
	nested_off(sa, 1);
	listed(sa, 1);
	return chosen(&o, sa, 1);
}
