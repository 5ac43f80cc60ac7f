/* Tables of what to open. */
#include <sys/socket.h>

struct entry {
	const char *name;
	int domain;
	int type;
	int protocol;
};

static const struct entry tcp_table[] = {
	{ "tcp4", AF_INET, SOCK_STREAM, IPPROTO_TCP },
	{ "tcp6", AF_INET6, SOCK_STREAM, IPPROTO_TCP },
	{ 0 }
};

static struct { const char *name; int type; } kinds[] = {
	{ "stream", SOCK_STREAM },
	{ "dgram", SOCK_DGRAM },
};

static const int families[] = { AF_INET6, AF_INET };

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;
	const struct entry *e;
	int fd, i;

	for (e = tcp_table; e->name; e++) {
		fd = socket(e->domain, e->type, e->protocol); /* want: missing tcp client */
		connect(fd, sa, argc);
	}
	for (i = 0; i < 2; i++) {
		fd = socket(AF_INET, kinds[i].type, 0); /* want: missing maybe-tcp client */
		connect(fd, sa, argc);
	}
	for (i = 0; i < 2; i++) {
		fd = socket(families[i], SOCK_STREAM, 0); /* want: missing tcp client */
		connect(fd, sa, argc);
	}
	return 0;
}
