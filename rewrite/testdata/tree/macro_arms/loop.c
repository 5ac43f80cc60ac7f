#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/socket.h>

#ifdef SOCK_CLOEXEC
# define take_client(fd, addr, len) accept4(fd, addr, len, SOCK_CLOEXEC)
#else
# define take_client(fd, addr, len) accept(fd, addr, len)
#endif

extern void serve(int fd);

static void loop(int lfd)
{
	struct sockaddr_storage from;
	socklen_t n;
	int c;

	for (;;) {
		n = sizeof(from);
		c = take_client(lfd, (struct sockaddr *)&from, &n);
		if (c < 0) {
			if (errno == EINTR)
				continue;
			perror("accept");
			return;
		}
		serve(c);
	}
}

int port(const struct sockaddr *me, socklen_t len)
{
	int s = socket(AF_INET, SOCK_STREAM, 0);

	if (s < 0 || bind(s, me, len) < 0 || listen(s, 5) < 0)
		return -1;
	loop(s);
	return 0;
}
