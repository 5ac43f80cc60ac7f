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
	int s = socket(AF_INET, SOCK_STREAM, 0);

	if (-1 == s) {
		fprintf(stderr, "dial: no socket: %s\n", strerror(errno));
	} else {
		if (-1 == connect(s, (struct sockaddr *)sa, sizeof(*sa))) {
			close(s);
			s = -1;
		}
	}
	return s;
}
