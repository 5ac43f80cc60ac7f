/* Functions in the manner of before 1989. */
#include <sys/socket.h>

int tcp(sa, len)
	struct sockaddr *sa;
	int len;
{
	int fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) /* want: missing tcp client */
		return -1;
	return connect(fd, sa, len);
}

keep(fd)
int fd;
{
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, (char *) &on, sizeof on);
}

int
kept(type, sa, len)
	int type;
	struct sockaddr *sa;
{
	int fd = socket(AF_INET, type, 0); /* want: covered tcp client set */

	keep(fd);
	return connect(fd, sa, len);
}

main()
{
	struct sockaddr *sa = 0;

	tcp(sa, 0);
	kept(SOCK_STREAM, sa, 0);
}
