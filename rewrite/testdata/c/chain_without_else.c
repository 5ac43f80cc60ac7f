#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int control_fd = -1;

/* Only the arm that is missing keeps the descriptor. */
void take_control(int lfd)
{
	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);

	control_fd = accept(lfd, (struct sockaddr *) &peer, &len);
	if (control_fd == -1) {
		switch (errno) {
		case EINTR:
		case ECONNABORTED:
			break;
		default:
			fprintf(stderr, "accept: %s\n", strerror(errno));
		}
	} else if (ntohs(peer.sin_port) >= IPPORT_RESERVED) {
		close(control_fd);
		control_fd = -1;
	}
}

/* Here another arm keeps it, too. */
int take_any(int lfd, int limit)
{
	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);
	int fd;

	fd = accept(lfd, (struct sockaddr *) &peer, &len);
	if (fd < 0) {
		perror("accept");
	} else if (fd > limit) {
		fprintf(stderr, "many clients: %d\n", fd);
	}
	return fd;
}
