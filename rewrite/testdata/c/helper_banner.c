#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*****************************************************************************
 * names
 */

static int known(const char *host)
{
	return strcmp(host, "localhost") == 0;
}

int unknown(const char *host)
{
	return !known(host);
}


/*****************************************************************************
 * connections
 */

int call_one(struct sockaddr_in *to)
{
	int s;

	if ((s = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		printf("Cannot create socket: %s\n", strerror(errno));
		return -1;
	}
	return connect(s, (struct sockaddr *)to, sizeof(*to)) < 0 ? -1 : s;
}

int call_two(struct sockaddr_in *to, const char *host)
{
	int s;

	if (!known(host))
		return -1;
	if ((s = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		printf("Cannot create socket: %s\n", strerror(errno));
		return -1;
	}
	return connect(s, (struct sockaddr *)to, sizeof(*to)) < 0 ? -1 : s;
}

int call_three(struct sockaddr_in *to)
{
	int s;

	if ((s = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		printf("Cannot create socket: %s\n", strerror(errno));
		return -1;
	}
	return connect(s, (struct sockaddr *)to, sizeof(*to)) < 0 ? -1 : s;
}
