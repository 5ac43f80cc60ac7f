/* One accept() for systems with SOCK_CLOEXEC, one for the others: the caller's block serves both. */
#include <fcntl.h>
#include <stdio.h>
#include <netinet/in.h>
#include <sys/socket.h>

static int
next_client(int lfd)
{
#ifdef SOCK_CLOEXEC
	return accept4(lfd, NULL, NULL, SOCK_CLOEXEC);
#else
	int fd = accept(lfd, NULL, NULL);

	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
#endif
}

void
serve(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int one = 1;
	int lfd, fd;

	lfd = socket(AF_INET, SOCK_STREAM, 0);
	if (lfd < 0) {
		perror("socket");
		return;
	}
	if (setsockopt(lfd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0)
		perror("setsockopt SO_REUSEADDR");
	if (bind(lfd, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(lfd, 5) < 0) {
		perror("bind");
		return;
	}
	while ((fd = next_client(lfd)) >= 0)
		talk(fd);
}
