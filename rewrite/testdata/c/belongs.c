#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* A flag tells whose descriptor it is. */
int dial(int *fdp, const struct sockaddr *sa, socklen_t len)
{
	int opened = 0;
	int tries;

	if (*fdp < 0) {
		if ((*fdp = socket(sa->sa_family, SOCK_STREAM, 0)) < 0)
			goto fail;
		opened = 1;
		tries = 1;
		while (tries++ < 3) {
			if (connect(*fdp, sa, len) == 0)
				return 0;
		}
	}
fail:
	if (opened) {
		close(*fdp);
		*fdp = -1;
	}
	return -1;
}

/* This one is no flag of the descriptor: the next step begins with it. */
int dial_again(const struct sockaddr *sa, socklen_t len)
{
	int fd, more;

	fd = socket(sa->sa_family, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	more = 1;
	while (more) {
		if (connect(fd, sa, len) == 0)
			more = 0;
	}
	return fd;
}
