#include <sys/types.h>
#include <sys/socket.h>
#include <netdb.h>
#include <errno.h>
#include <unistd.h>

int greet(int fd, const char *word);

/* A step of the connection gives a reason of its own, which an option does not have. */
int reach(struct addrinfo *list, const char *word)
{
	struct addrinfo *rp;
	int fd;

	for (rp = list; rp != NULL; rp = rp->ai_next) {
		if ((fd = socket(rp->ai_family, SOCK_STREAM, rp->ai_protocol)) < 0)
			continue;

		if (connect(fd, rp->ai_addr, rp->ai_addrlen) < 0)
			continue;

		if (greet(fd, word) < 0) {
			close(fd);
			errno = EACCES;
			return -1;
		}
		return fd;
	}
	errno = EHOSTUNREACH;
	return -1;
}
