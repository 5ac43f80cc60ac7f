/* options: idle=60 interval=10 count=6 */
/* What warns is a macro that takes the name of the link from the function around it: in a new
 * function that gets the descriptor alone there is none, and the caller says what failed. */
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

#define SAY(...) TELL(stderr, __VA_ARGS__)
#define TELL(to, ...)                                      \
	do {                                               \
		char line[256];                            \
		snprintf(line, sizeof(line), __VA_ARGS__); \
		fprintf(to, "%s: %s\n", link->name, line); \
	} while (0)

int link_open(struct link *link, const struct addrinfo *ai)
{
	link->fd = socket(ai->ai_family, SOCK_STREAM, 0);
	if (link->fd == -1) {
		SAY("socket: %s", strerror(errno));
		return -1;
	}
	if (connect(link->fd, ai->ai_addr, ai->ai_addrlen) == -1) {
		SAY("connect: %s", strerror(errno));
		close(link->fd);
		return -1;
	}
	return 0;
}
