/* The program's own function is called already, where nothing ever comes. */
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int closes = 1;

static void set_keepalive(int fd)
{
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static void answer(int fd)
{
	write(fd, "x", 1);
	close(fd);
}

static void serve(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd == -1)
		return;
	if (closes) {
		close(fd);
		return;
	}
	set_keepalive(fd);
	answer(fd);
}

int main(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int lfd = socket(AF_INET, SOCK_STREAM, 0);

	bind(lfd, (struct sockaddr *)&sin, sizeof(sin));
	listen(lfd, 5);
	serve(lfd);
	return 0;
}
