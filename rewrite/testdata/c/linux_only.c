/* options: idle=60 interval=10 count=6 */
/* A file that includes a header of Linux alone needs no other system's spelling. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>

int serve(const struct sockaddr_in *sin)
{
	int fd, lfd = socket(AF_INET, SOCK_STREAM, 0);

	if (lfd < 0 || bind(lfd, (const struct sockaddr *)sin, sizeof(*sin)) < 0 || listen(lfd, 5) < 0)
		return -1;
	fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		perror("accept");
		return -1;
	}
	return fd;
}
