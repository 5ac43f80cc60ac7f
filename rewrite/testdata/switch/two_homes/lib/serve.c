#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include "../lib.h"

int take(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0)
		perror("accept");
	return fd;
}
