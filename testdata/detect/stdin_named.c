/* The child finds its connection under the program's own name for descriptor 0. */
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define COMMAND_FD 0

static void move(int from, int to)
{
	if (from == to)
		return;
	if (dup2(from, to) != to)
		exit(1);
	close(from);
}

static void keep_alive(int fd)
{
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) == -1)
		exit(1);
}

static int next(int lfd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	return accept(lfd, (struct sockaddr *)&ss, &len); /* want: covered tcp accepted */
}

static void session(void)
{
	keep_alive(COMMAND_FD);
	write(COMMAND_FD, "220\r\n", 5);
}

int main(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int lfd = socket(AF_INET, SOCK_STREAM, 0), fd; /* want: covered tcp listener */

	if (lfd == -1 || bind(lfd, (struct sockaddr *)&sin, sizeof(sin)) == -1 || listen(lfd, 5) == -1)
		return 1;
	for (;;) {
		if ((fd = next(lfd)) == -1)
			continue;
		if (fork() == 0) {
			move(fd, COMMAND_FD);
			session();
			return 0;
		}
		close(fd);
	}
}
