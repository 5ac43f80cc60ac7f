/* options: idle=60 interval=10 count=6 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int dial(const struct sockaddr_in *to)
{
	int fd = -1;

#ifdef WITH_TCP
#ifndef NO_DIAL
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return -1;
	}
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		perror("connect");
		close(fd);
		return -1;
	}
#endif
#endif
	(void)to;
	return fd;
}
