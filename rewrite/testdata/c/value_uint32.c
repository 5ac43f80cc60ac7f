#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>

/* The next option's variable is of another name for as many bytes. */
int take(int listener)
{
	int fd;

	fd = accept(listener, NULL, NULL);
	if (fd == -1) {
		perror("accept");
		return -1;
	}

	uint32_t one = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));

	return fd;
}
