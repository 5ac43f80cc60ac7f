#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void prepare(void)
{
	fflush(stdout);
	fflush(stderr);
	fcntl(0, F_SETFD, 0);
	fcntl(1, F_SETFD, 0);
}

/* The option on the same descriptor has blanks inside its parentheses, most calls have none. */
int open_nic(struct sockaddr_in *sa)
{
	int one = 1;
	int fd;

	prepare();
	fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
	if (fd == -1)
		return -1;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (setsockopt( fd, SOL_SOCKET, SO_OOBINLINE, &one, sizeof(one) ) == -1)
		fprintf(stderr, "failed to set SO_OOBINLINE: %s\n", strerror(errno));
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}
