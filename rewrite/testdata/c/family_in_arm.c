#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct link {
	int lfd;
	void (*take)(int fd);
};

/* The switch is in builds with unix sockets alone. */
int link_accept(struct link *link)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	int fd;

	fd = accept(link->lfd, (struct sockaddr *)&peer, &len);
	if (fd < 0) {
		fprintf(stderr, "accept: %s\n", strerror(errno));
		return -1;
	}

#ifdef LOCAL_LINKS
	switch (peer.ss_family) {
	case AF_UNIX:
		fprintf(stderr, "local peer\n");
		break;
	case AF_INET:
		fprintf(stderr, "remote peer\n");
		break;
	}
#endif
	link->take(fd);
	return 0;
}
