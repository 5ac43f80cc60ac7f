#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** Count. */
int first_of_all(void)
{
	int	n = 0;

	return n;
}

/** Connect to one peer, the first one. */
#ifdef HAVE_PEERS
int first(struct sockaddr_in *sa);
#else
int first(struct sockaddr_in *sa)
{
	int	fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		perror("socket");
		return -1;
	}
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 ? fd : -1;
}
#endif

/** Connect to one peer, the second one. */
int second(struct sockaddr_in *sa)
{
	int	fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		perror("socket");
		return -1;
	}
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 ? fd : -1;
}

/** Connect to one peer, the third one. */
int third(struct sockaddr_in *sa)
{
	int	fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		perror("socket");
		return -1;
	}
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 ? fd : -1;
}

/** Nothing more. */
void last(void)
{
}
