/* Structs that a function has to itself. */
#include <stdlib.h>
#include <sys/socket.h>
#include <netinet/in.h>

int beat(struct sockaddr_in *to)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	struct {
		struct sockaddr_in *at;
		int type;
	} how = { &at, SOCK_DGRAM };
	int fd = socket(how.at->sin_family, how.type, 0); /* want: not-tcp */

	return (int)sendto(fd, "", 1, 0, (struct sockaddr *)to, sizeof(*to));
}

int dial(struct sockaddr_in *to)
{
	struct {
		int family, type;
	} how = { AF_INET, SOCK_STREAM };
	int fd = socket(how.family, how.type, 0); /* want: missing tcp client */

	return connect(fd, (struct sockaddr *)to, sizeof(*to));
}
