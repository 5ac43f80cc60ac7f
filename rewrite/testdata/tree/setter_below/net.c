#include <sys/types.h>
#include <sys/socket.h>
#include <unistd.h>
#include "net.h"

/* The header declares what stands further down. */
int dial(const struct sockaddr *to, int len)
{
	int sd = socket(AF_INET, SOCK_STREAM, 0);

	if (sd < 0)
		return -1;
	if (connect(sd, to, len) < 0) {
		close(sd);
		return -1;
	}
	return sd;
}

int sock_opt(int sd, int name, int value)
{
	return setsockopt(sd, SOL_SOCKET, name, &value, sizeof(value)) == 0;
}
