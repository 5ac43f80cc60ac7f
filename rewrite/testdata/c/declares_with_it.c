#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The branch begins with a declaration that reads from the socket already. */
int ping_once(int lfd)
{
	char buf[16];
	int r = 0;

	memset(buf, 0, sizeof(buf));
	int fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		printf("accept() error %i\n", errno);
		r = 1;
	} else {
		ssize_t len = read(fd, buf, sizeof(buf) - 1);

		if (len != 4) {
			printf("read() error %i\n", errno);
			r = 1;
		}
	}
	close(fd);
	return r;
}
