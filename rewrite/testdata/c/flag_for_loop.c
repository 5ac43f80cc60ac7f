#include <unistd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

extern int done(int fd);

void turn(int lfd)
{
	int val = 1;
	int again = 1, fd;

	do {
		fd = accept(lfd, NULL, NULL);
		if (fd == -1)
			return;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &val, sizeof(val));
		if (done(fd))
			close(fd);
	} while (again);
}

void once(int lfd)
{
	int forever = 1;

	for (; forever;) {
		int fd = accept(lfd, NULL, NULL);

		if (fd == -1)
			break;
		done(fd);
	}
}
