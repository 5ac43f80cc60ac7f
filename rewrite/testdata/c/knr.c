#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int dial(sa)
struct sockaddr_in *sa;
{
	int s;

	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s < 0)
		return (-1);
	if (connect(s, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		(void) close(s);
		return (-1);
	}
	return (s);
}
