/* getaddrinfo: the hints decide, in the function and across functions. */
#include <netdb.h>
#include <string.h>
#include "hints.h"

static int stream(const char *host, const char *port)
{
	struct addrinfo hints, *res, *ai;
	int fd = -1;

	memset(&hints, 0, sizeof(hints));
	hints.ai_family = AF_UNSPEC;
	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(host, port, &hints, &res) != 0)
		return -1;
	for (ai = res; ai; ai = ai->ai_next) {
		fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol); /* want: missing tcp client */
		if (fd < 0)
			continue;
		if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
			break;
		close(fd);
	}
	freeaddrinfo(res);
	return fd;
}

static int dgram(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, *res;
	int fd;

	if (getaddrinfo(host, port, &hints, &res) != 0)
		return -1;
	fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol); /* want: not-tcp other */
	connect(fd, res->ai_addr, res->ai_addrlen);
	return fd;
}

static int open_one(struct addrinfo *ai)
{
	int fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol); /* want: missing tcp client */

	if (fd >= 0 && connect(fd, ai->ai_addr, ai->ai_addrlen) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int apart(const char *host)
{
	struct addrinfo hints, *res;

	bzero(&hints, sizeof hints);
	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(host, "80", &hints, &res))
		return -1;
	return open_one(res);
}

static int wrapped(const char *host)
{
	struct addrinfo *res = resolve(host, SOCK_STREAM);
	int fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol); /* want: missing tcp client */

	connect(fd, res->ai_addr, res->ai_addrlen);
	return fd;
}

static int wrapped_udp(const char *host)
{
	struct addrinfo *res;
	int fd;

	if (resolve_into(host, SOCK_DGRAM, &res) < 0)
		return -1;
	fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol); /* want: not-tcp */
	connect(fd, res->ai_addr, res->ai_addrlen);
	return fd;
}

static int any(const char *host)
{
	struct addrinfo *res;
	int fd;

	if (getaddrinfo(host, "53", NULL, &res))
		return -1;
	fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol); /* want: missing maybe-tcp client */
	connect(fd, res->ai_addr, res->ai_addrlen);
	return fd;
}

struct job {
	struct gaicb *dns;
};

static int asynchronous(struct job *job, const char *host)
{
	struct addrinfo *hints = calloc(1, sizeof(struct addrinfo));

	hints->ai_family = AF_UNSPEC;
	hints->ai_socktype = SOCK_STREAM;
	job->dns->ar_name = host;
	job->dns->ar_request = hints;
	job->dns->ar_result = NULL;
	return getaddrinfo_a(GAI_NOWAIT, &job->dns, 1, NULL);
}

static int answered(struct job *job)
{
	struct addrinfo *res = job->dns->ar_result;
	int fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol); /* want: missing tcp client */

	connect(fd, res->ai_addr, res->ai_addrlen);
	return fd;
}

int main(int argc, char **argv)
{
	stream(argv[1], argv[2]);
	dgram(argv[1], argv[2]);
	apart(argv[1]);
	wrapped(argv[1]);
	wrapped_udp(argv[1]);
	return any(argv[1]);
}
