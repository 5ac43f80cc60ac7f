#include "sys.h"

int dial(const struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		err(1, "cannot create socket");
	if (connect(fd, sa, len) < 0)
		err(1, "cannot connect");
	return fd;
}
