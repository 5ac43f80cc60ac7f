#include <sys/types.h>
#include <sys/socket.h>
#include <unistd.h>

/* A flag that was just set is 1, and is for something else. */
int reach(int *fd, struct sockaddr *sa, socklen_t len)
{
	int made_fd = 0;

	if (*fd < 0) {
		if ((*fd = socket(sa->sa_family, SOCK_STREAM, 0)) < 0)
			return -1;
		made_fd = 1;
	}
	if (connect(*fd, sa, len) < 0) {
		if (made_fd) {
			close(*fd);
			*fd = -1;
		}
		return -1;
	}
	return 0;
}
