/* Variables, conditional expressions, members of structs. */
#include <sys/socket.h>

struct spec {
	int family;
	int type;
};

static struct spec web = { AF_INET, SOCK_STREAM };
static struct spec named = { .type = SOCK_STREAM, .family = AF_INET6 };

static int plain(struct sockaddr *sa, socklen_t len)
{
	int family = AF_INET, type;
	int fd;

	type = SOCK_DGRAM;
	type = SOCK_STREAM;
	fd = socket(family, type, 0); /* want: missing tcp client */
	return connect(fd, sa, len);
}

static int either(int six, int stream, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	connect(fd, sa, len);
	fd = socket(AF_INET, stream ? SOCK_STREAM : SOCK_DGRAM, 0); /* want: missing maybe-tcp client */
	connect(fd, sa, len);
	fd = socket(six ? AF_UNIX : AF_INET, SOCK_STREAM, 0); /* want: missing maybe-tcp client */
	return connect(fd, sa, len);
}

static int branches(const char *path, struct sockaddr *sa, socklen_t len)
{
	int family, fd;

	if (path[0] == '/')
		family = AF_UNIX;
	else
		family = AF_INET;
	fd = socket(family, SOCK_STREAM, 0); /* want: missing maybe-tcp client */
	return connect(fd, sa, len);
}

static int datagrams(int six, struct sockaddr *sa, socklen_t len)
{
	int type;
	int fd;

	if (six)
		type = SOCK_DGRAM;
	else
		type = SOCK_RAW;
	fd = socket(AF_INET, type, 0); /* want: not-tcp */
	return connect(fd, sa, len);
}

static int spec_fd(struct spec *s, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(s->family, s->type, 0); /* want: missing tcp client */
	return connect(fd, sa, len);
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv[1];

	plain(sa, 1);
	either(argc, argc, sa, 1);
	branches(argv[1], sa, 1);
	datagrams(argc, sa, 1);
	spec_fd(&web, sa, 1);
	spec_fd(&named, sa, 1);
	return 0;
}
