/* A function that knows streams, and is asked for datagrams alone. */
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

static int both_ends(int end[2], int type)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	int fd;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	if ((fd = socket(AF_INET, type, 0)) < 0) /* want: not-tcp */
		return -1;
	if (bind(fd, (struct sockaddr *)&sin, len) < 0)
		return -1;
	if (type == SOCK_STREAM && listen(fd, 1) < 0)
		return -1;
	end[0] = socket(AF_INET, type, 0); /* want: not-tcp client */
	if (connect(end[0], (struct sockaddr *)&sin, len) < 0)
		return -1;
	end[1] = type == SOCK_DGRAM ? fd : accept(fd, NULL, NULL); /* want: not-tcp accepted */
	return 0;
}

int main(void)
{
	int end[2];

	if (both_ends(end, SOCK_DGRAM) < 0)
		return 1;
	return (int)write(end[0], "", 1);
}
