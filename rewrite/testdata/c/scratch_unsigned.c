#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

/* the variable of the other option is set before each use */
int open_tcp(struct sockaddr_in *to, struct sockaddr_in *from)
{
	int s;
	unsigned int optval;

	if ((s = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		fprintf(stderr, "unable to create socket.\n");
		return -1;
	}

	if (from != NULL) {
		optval = 1;
		setsockopt(s, SOL_SOCKET, SO_REUSEADDR, (char *)&optval, sizeof(optval));
		if (bind(s, (struct sockaddr *)from, sizeof(*from)) < 0) {
			close(s);
			return -1;
		}
	}
	if (connect(s, (struct sockaddr *)to, sizeof(*to)) < 0) {
		close(s);
		return -1;
	}
	return s;
}
