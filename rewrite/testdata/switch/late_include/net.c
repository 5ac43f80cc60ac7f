/* A library that tests itself, with headers of its own for that. */
#include <sys/types.h>
#include <sys/socket.h>
#include <unistd.h>
#include <netinet/in.h>
#include "net.h"

int run(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int fd, val = -1;
	socklen_t len = sizeof(val);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sa.sin_port = htons(1);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0)
		return -1;
	getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &val, &len);
	close(fd);
	return val;
}

#ifdef TEST_RUN

#include <stdio.h>
#include <stdlib.h>

int check(int argc, char **argv)
{
	printf("%d %s\n", run(), argc > 1 ? argv[1] : "");
	exit(0);
}

#endif
