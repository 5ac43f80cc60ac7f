#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

extern int note(const char *what);

/* All that is asked of a socket is looked at, so that what is not shows it. */
int dial(const struct sockaddr_in *sa, const struct sockaddr_in *from)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int one = 1;

	(void)note("dial");
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0)
		goto fail;
	if (bind(fd, (const struct sockaddr *)from, sizeof(*from)) < 0)
		goto fail;
	if (connect(fd, (const struct sockaddr *)sa, sizeof(*sa)) < 0)
		goto fail;
	return fd;
fail:
	close(fd);
	return -1;
}

int take(int lfd, const struct sockaddr_in *own)
{
	struct sockaddr_in sa = *own;
	socklen_t len = sizeof(sa);
	int one = 1;
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0)
		return -1;
	if (getsockname(fd, (struct sockaddr *)&sa, &len) < 0 || shutdown(fd, SHUT_WR) < 0) {
		close(fd);
		return -1;
	}
	return fd + 0 * one;
}
