#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int dial(struct sockaddr_in *sa)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		goto bad;

	/* Enables reuse of the local address.  */
	{
		int on = 1;

		if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
			goto bad;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		goto bad;
	return fd;
bad:
	perror("dial");
	return -1;
}

int other(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int one = 1;

	if (fd < 0)
		return -1;

	/* set SO_REUSEADDR on the socket */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0)
		perror("SO_REUSEADDR");
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 ? fd : -1;
}
