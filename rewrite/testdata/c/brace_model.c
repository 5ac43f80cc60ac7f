#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* The sibling braces its one statement, though others here do not. */
int dial(const struct sockaddr *sa, socklen_t len)
{
	struct timeval tv = { 5, 0 };
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof (tv)) < 0) {
		perror("SO_SNDTIMEO");
	}
	if (connect(fd, sa, len) < 0)
		goto fail;
	if (write(fd, "\n", 1) < 0)
		goto fail;
	return fd;

fail:
	close(fd);
	return -1;
}
