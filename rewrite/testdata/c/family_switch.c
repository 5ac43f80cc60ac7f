/* options: idle=60 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct link {
	int lfd;
	int proto;
	void (*take)(int fd);
};

int link_accept(struct link *link)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	int rc, fd;

	rc = accept(link->lfd, (struct sockaddr *)&peer, &len);
	if (rc < 0) {
		fprintf(stderr, "accept: %s\n", strerror(errno));
		return rc;
	}
	fd = rc;

	switch (peer.ss_family) {
	case AF_UNIX:
		fprintf(stderr, "local peer\n");
		break;
	case AF_INET6:
	case AF_INET:
		fprintf(stderr, "remote peer\n");

		if (link->proto == IPPROTO_SCTP) {
			rc = shutdown(fd, SHUT_RD);
			if (rc < 0)
				goto fail;
		}
		break;
	default:
		goto fail;
	}
	link->take(fd);
	return 0;
fail:
	close(fd);
	return -1;
}

/* two arms of the internet: in front of them */
int link_accept_each(struct link *link)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	int fd;

	fd = accept(link->lfd, (struct sockaddr *)&peer, &len);
	if (fd < 0)
		return -1;

	switch (peer.ss_family) {
	case AF_UNIX:
		fprintf(stderr, "local peer\n");
		break;
	case AF_INET6:
		fprintf(stderr, "remote peer, new\n");
		break;
	case AF_INET:
		fprintf(stderr, "remote peer, old\n");
		break;
	}
	link->take(fd);
	return 0;
}
