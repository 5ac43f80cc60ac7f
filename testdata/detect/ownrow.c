/* Rows of a table whose functions get the row itself. */
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

struct transport {
	const char *name;
	int family, kind;
	int (*dial)(const struct transport *, const char *);
};

static int inet_dial(const struct transport *t, const char *to)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd = socket(t->family, t->kind, 0); /* want: missing maybe-tcp client */

	return connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 ? -1 : fd + !to;
}

static int local_dial(const struct transport *t, const char *to)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(t->family, t->kind, 0); /* want: not-tcp client */

	return connect(fd, (struct sockaddr *)&sun, sizeof(sun)) < 0 ? -1 : fd + !to;
}

/* This one gets another row than its own. */
static int test_dial(const struct transport *t, const char *to)
{
	return socket(t->family, t->kind, 0) + !to; /* want: missing maybe-tcp */
}

static const struct transport transports[] = {
	{ "tcp", AF_INET, SOCK_STREAM, inet_dial },
	{ "udp", AF_INET, SOCK_DGRAM, inet_dial },
	{ "unix", AF_UNIX, SOCK_STREAM, local_dial },
	{ "test", AF_UNIX, SOCK_DGRAM, test_dial },
};

int main(int argc, char **argv)
{
	const struct transport *t = &transports[argc];

	test_dial(transports, argv[0]);
	return t->dial(t, argv[0]);
}
