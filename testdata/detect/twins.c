/* Static functions of one name in two files, and two programs in one tree. */
#include <sys/socket.h>

static void tune(int fd)
{
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

int main(int argc, char **argv)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	tune(fd);
	return connect(fd, (struct sockaddr *)argv, argc);
}
