/* Hints that lie elsewhere: global, a parameter, a list in a struct. */
#include <netdb.h>

static struct addrinfo stream_hints = { .ai_socktype = SOCK_STREAM };
static const struct addrinfo dgram_hints = { AI_PASSIVE, AF_UNSPEC, SOCK_DGRAM };

struct target {
	struct addrinfo *list;
	struct addrinfo *at;
};

static int by_global(const char *host)
{
	struct addrinfo *res;
	int fd;

	getaddrinfo(host, "1", &stream_hints, &res);
	fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol); /* want: missing tcp client */
	return connect(fd, res->ai_addr, res->ai_addrlen);
}

static int by_const(const char *host)
{
	struct addrinfo *res;
	int fd;

	getaddrinfo(host, "1", &dgram_hints, &res);
	fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol); /* want: not-tcp */
	return connect(fd, res->ai_addr, res->ai_addrlen);
}

static int with_hints(const char *host, struct addrinfo *hints)
{
	struct addrinfo *res;
	int fd;

	if (getaddrinfo(host, "1", hints, &res))
		return -1;
	fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol); /* want: missing tcp client */
	return connect(fd, res->ai_addr, res->ai_addrlen);
}

static int by_parameter(const char *host)
{
	struct addrinfo hints = { 0 };

	hints.ai_family = AF_INET6;
	hints.ai_socktype = SOCK_STREAM;
	return with_hints(host, &hints);
}

static int look_up(struct target *t, const char *host)
{
	struct addrinfo hints;

	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(host, "1", &hints, &t->list))
		return -1;
	t->at = t->list;
	return 0;
}

static int try_next(struct target *t)
{
	struct addrinfo *ai = t->at;
	int fd;

	t->at = ai->ai_next;
	fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol); /* want: missing tcp client */
	return connect(fd, ai->ai_addr, ai->ai_addrlen);
}

static int literal_type(const char *host)
{
	struct addrinfo *res;
	int fd;

	getaddrinfo(host, "1", NULL, &res);
	fd = socket(res->ai_family, SOCK_STREAM, 0); /* want: missing tcp client */
	return connect(fd, res->ai_addr, res->ai_addrlen);
}

static int evutil(const char *host)
{
	struct evutil_addrinfo hints, *res;
	int fd;

	memset(&hints, 0, sizeof(hints));
	hints.ai_family = AF_INET;
	hints.ai_socktype = SOCK_STREAM;
	evutil_getaddrinfo(host, "1", &hints, &res);
	fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol); /* want: missing tcp client */
	return connect(fd, res->ai_addr, res->ai_addrlen);
}

int main(int argc, char **argv)
{
	struct target t;

	by_global(argv[1]);
	by_const(argv[1]);
	by_parameter(argv[1]);
	look_up(&t, argv[1]);
	try_next(&t);
	literal_type(argv[1]);
	return evutil(argv[1]);
}
