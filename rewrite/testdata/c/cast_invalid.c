#include <stdio.h>
#include <sys/socket.h>
#include <netinet/in.h>

typedef int sock_t;

int uplink(const struct sockaddr_in *to)
{
	sock_t s = socket(AF_INET, SOCK_STREAM, 0);

	if (s == (sock_t)-1) {
		perror("socket");
		return -1;
	}
	if (connect(s, (const struct sockaddr *)to, sizeof(*to)) == -1)
		return -1;
	return s;
}

int downlink(const struct sockaddr_in *to)
{
	sock_t s;

	if ((sock_t) -1 == (s = socket(AF_INET6, SOCK_STREAM, 0)))
		return -1;
	if (connect(s, (const struct sockaddr *)to, sizeof(*to)) == -1)
		return -1;
	return s;
}

int crosslink(const struct sockaddr_in *to)
{
	sock_t s;

	if (((s = socket(AF_INET6, SOCK_STREAM, 0)) ) == ((sock_t) -1))
		return -1;
	if (connect(s, (const struct sockaddr *)to, sizeof(*to)) == -1)
		return -1;
	return s;
}
