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
	int s;

	s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s >= 0 || errno != EINVAL)
		return s;
	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s < 0)
		return s;
	return connect(s, (struct sockaddr *)sa, sizeof(*sa)) < 0 ? -1 : s;
}
