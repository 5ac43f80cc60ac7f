#include <sys/types.h>
#include <sys/socket.h>
#include <unistd.h>

/* Nothing declares it above: the option is set here. */
int call(const struct sockaddr *to, int len)
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

int set_opt(int sd, int name, int value)
{
	return setsockopt(sd, SOL_SOCKET, name, &value, sizeof(value)) == 0;
}
