/* <arpa/inet.h> has <netinet/in.h> here; the other systems want it by itself. */
#include <stdio.h>
#include <string.h>
#include "platform.h"
#include "net.h"

static int dial(struct sockaddr_in *sa)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return -1;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		perror("connect");
	return fd;
}

int run(void)
{
	struct sockaddr_in sa;
	int fd, val = -1;
	socklen_t len = sizeof(val);

	memset(&sa, 0, sizeof(sa));
	sa.sin_family = AF_INET;
	sa.sin_port = htons(1);
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = dial(&sa);
	if (fd < 0)
		return 1;
	getsockopt(fd, 6, 4, &val, &len); /* TCP_KEEPIDLE */
	printf("idle %d\n", val);
	close(fd);
	return 0;
}
