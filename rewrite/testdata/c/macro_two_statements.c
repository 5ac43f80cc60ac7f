#include <stdio.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

static int failures;

#define COMPLAIN(what) perror(what); failures++

int dial(const struct sockaddr_in *to)
{
	int s = socket(AF_INET, SOCK_STREAM, 0);

	if (s < 0) {
		COMPLAIN("socket");
		return -1;
	}
	if (connect(s, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		COMPLAIN("connect");
		close(s);
		return -1;
	}
	return s;
}

int failed(void)
{
	return failures;
}
