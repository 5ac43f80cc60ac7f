/* options: idle=60 count=6 style=inline */
#include <stdio.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

int dial(struct sockaddr_in *sa)
{
	int fd, err, one = 1;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return -1;
	}
	err = setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (err < 0)
		perror("setsockopt (TCP_NODELAY)");
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		perror("connect");
		close(fd);
		return -1;
	}
	return fd;
}
