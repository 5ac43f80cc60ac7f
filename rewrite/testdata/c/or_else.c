#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int bare(int lfd, int *out)
{
	int ret = 0;
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0)
		ret = -1;

	*out = fd;
	return ret;
}

int told(int lfd, int *out)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0) {
		perror("accept");
	}

	*out = fd;
	return fd;
}

int nested(int lfd, int *out)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0)
		if (errno != EINTR)
			perror("accept");
	*out = fd;
	return fd;
}
