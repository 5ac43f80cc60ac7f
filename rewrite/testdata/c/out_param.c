#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int dial(int *out, struct sockaddr_in *sa)
{
	*out = socket(AF_INET, SOCK_STREAM, 0);
	if (*out < 0) return -1;

	return connect(*out, (struct sockaddr *)sa, sizeof(*sa));
}
