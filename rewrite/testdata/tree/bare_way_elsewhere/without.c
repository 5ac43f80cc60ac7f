#include "dial.h"

int without(const struct sockaddr_in *to)
{
	int fd = dial(to);

	if (fd == -1)
		return -1;
	return write(fd, "quit\n", 5);
}
