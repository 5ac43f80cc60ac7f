#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

extern int secure(int fd);

/* The sibling's variable is there only where its option is. */
int dial(const struct sockaddr_in *sa)
{
	int fd;
	int rc;
#if defined(SO_REUSEADDR) && !defined(NO_REUSE)
	int on = 1;
#endif

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return -1;
	}

#ifdef SO_REUSEADDR
#ifndef NO_REUSE
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
		perror("SO_REUSEADDR");
#endif
#endif

	rc = connect(fd, (const struct sockaddr *)sa, sizeof(*sa));
	if (rc < 0 || secure(fd) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Here it stands inside. */
int dial_quietly(const struct sockaddr_in *sa)
{
	int fd, rc;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return -1;
	}

#ifdef SO_RCVBUF
	if (sa->sin_port == htons(80)) {
		int size = 4096;

		if (setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) < 0)
			perror("SO_RCVBUF");
	}
#endif

	rc = connect(fd, (const struct sockaddr *)sa, sizeof(*sa));
	if (rc < 0 || secure(fd) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}
