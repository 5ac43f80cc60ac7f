/* The macro that warns in the other functions takes a name from them that this one does not have. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct link {
	const char *name;
	int fd;
};

#define SAY(...)                                           \
	do {                                               \
		fprintf(stderr, "%s: ", link->name);       \
		fprintf(stderr, __VA_ARGS__);              \
	} while (0)

int link_nodelay(struct link *link)
{
	int on = 1;

	if (setsockopt(link->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1)
		SAY("SO_REUSEADDR: %s\n", strerror(errno));
	return 0;
}

int link_bind(struct link *link, const struct addrinfo *ai)
{
	if (bind(link->fd, ai->ai_addr, ai->ai_addrlen) == -1)
		SAY("bind: %s\n", strerror(errno));
	return 0;
}

int dial(const struct addrinfo *ai)
{
	int fd = socket(ai->ai_family, SOCK_STREAM, 0);

	if (fd == -1)
		return -1;
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}
