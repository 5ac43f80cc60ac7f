#ifndef NET_H
#define NET_H

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

static inline int net_dial(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd != -1 && connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0)
		return fd;
	if (fd != -1)
		close(fd);
	return -1;
}

/* Takes the next connection. */
static inline int net_take(int lfd) { return accept(lfd, NULL, NULL); }

#endif
