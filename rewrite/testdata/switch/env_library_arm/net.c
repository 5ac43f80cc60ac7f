/* A socket in one arm of an #if, beside a function of the same name. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include "net.h"

static int dials;

#ifndef WITHOUT_RUN
int run(void)
{
	return dials;
}
#else
int run(void)
{
	struct sockaddr_in sa;
	int fd, val = -1;
	socklen_t len = sizeof(val);

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return 1;
	}
	memset(&sa, 0, sizeof(sa));
	sa.sin_family = AF_INET;
	sa.sin_port = htons(1);
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		perror("connect");
	send(fd, "", 0, MSG_NOSIGNAL);
	getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &val, &len);
	printf("keepalive %d\n", val);
	close(fd);
	return 0;
}
#endif
