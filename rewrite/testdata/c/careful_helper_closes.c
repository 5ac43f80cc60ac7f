#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

struct link {
	int fd;
	char reason[80];
};

static void link_reason(struct link *l, const char *what)
{
	snprintf(l->reason, sizeof(l->reason), "%s: %s", what, strerror(errno));
}

/* Both close what they cannot set up. */
static int link_unblock(struct link *l, int sock)
{
	if (fcntl(sock, F_SETFL, O_NONBLOCK) == -1) {
		link_reason(l, "fcntl(F_SETFL)");
		close(sock);
		return -1;
	}
	return 0;
}

static int link_quick(struct link *l, int sock)
{
	int yes = 1;

	if (setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) == -1) {
		link_reason(l, "setsockopt(TCP_NODELAY)");
		close(sock);
		return -1;
	}
	return 0;
}

int link_open(struct link *link, const struct addrinfo *list)
{
	const struct addrinfo *a;
	int s, rv = -1;

	for (a = list; a != NULL; a = a->ai_next) {
		s = socket(a->ai_family, SOCK_STREAM, 0);
		if (s == -1)
			continue;
		if (link_unblock(link, s) != 0)
			goto out;
		if (connect(s, a->ai_addr, a->ai_addrlen) == -1 && errno != EINPROGRESS) {
			close(s);
			continue;
		}
		if (link_quick(link, s) != 0)
			goto out;
		link->fd = s;
		rv = 0;
		goto out;
	}
	link_reason(link, "connect");
out:
	return rv;
}
