#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int call(struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)to, sizeof(*to)) < 0) {
		fprintf(stderr, "connect: cannot reach the host: %s\n", strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}
