#include "stack.h"

int console_connect(const struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, sa, len) < 0) {
		socketclose(fd);
		return -1;
	}
	return fd;
}
