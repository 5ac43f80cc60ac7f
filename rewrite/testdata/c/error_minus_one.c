#include <sys/types.h>
#include <sys/socket.h>
#include <netdb.h>
#include <errno.h>
#include <error.h>
#include <unistd.h>

/* error() ends the program by a status below 0, too. */
int reach(struct addrinfo *list, const char *host)
{
	struct addrinfo *p;
	int fd = -1;

	for (p = list; p; p = p->ai_next) {
		if ((fd = socket(p->ai_family, SOCK_STREAM, 0)) == -1)
			continue;
		if (connect(fd, p->ai_addr, p->ai_addrlen) != -1)
			break;
		close(fd);
	}
	if (p == NULL)
		error(-1, 0, "unable to connect to %s", host);
	if (write(fd, "hello", 5) == -1)
		error(-1, errno, "write(%d)", fd);
	return fd;
}
