/* Text that cannot be read: the site is named, and nobody guesses. */
#include <sys/socket.h>

int broken(struct sockaddr *sa, socklen_t len)
{
	int fd = $ socket(AF_INET, SOCK_STREAM, 0) @ 5 ]; /* want: undecided */
	return connect(fd, sa, len);
}
