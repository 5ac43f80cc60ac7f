#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#define IS_SET(v) ((v) == 7)
#define TAKE(v) ((v) -= 7)

/* A macro that only computes may be asked again. */
int make(int udp)
{
	int s;

	if (IS_SET(udp))
		s = socket(AF_INET, SOCK_DGRAM, 0);
	else
		s = socket(AF_INET, SOCK_STREAM, 0);
	if (s == -1)
		abort();
	return s;
}

int main(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };

	return connect(make(1), (struct sockaddr *)&sa, sizeof(sa));
}
