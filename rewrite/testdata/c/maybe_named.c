/* The branch is not taken where nobody asks for the name, though the socket is good. */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

int take(int lfd, char **name)
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);
	int fd;

	fd = accept(lfd, (struct sockaddr *)&sa, &len);
	if (name && (fd > -1)) {
		*name = "peer";
		printf("%s\n", *name);
	}
	return fd;
}
