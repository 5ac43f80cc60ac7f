/* A wrapper of accept() that returns 0 where nobody waits, and one that has a number
 * for it: the block stands behind the tests for that. */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/select.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef int socket_t;

void serve(int fd);
int paused(void);

static socket_t accept_nb(socket_t sock)
{
	struct timeval tv = {0};
	fd_set rs;
	int ret;

	FD_ZERO(&rs);
	FD_SET(sock, &rs);
	ret = select(sock + 1, &rs, NULL, NULL, &tv);
	if (ret <= 0)
		return (socket_t)ret;
	return accept(sock, NULL, NULL);
}

static int take(int lfd)
{
	if (paused())
		return -2;
	return accept(lfd, NULL, NULL);
}

int poll_once(int lfd)
{
	socket_t sock;

	if ((sock = accept_nb(lfd)) == (socket_t)-1) {
		perror("accept");
		return 0;
	}
	if (sock == 0)
		return 0;
	serve(sock);
	return 1;
}

int poll_late(int lfd)
{
	socket_t sock = accept_nb(lfd);

	if (!sock)
		return 0;
	if (sock < 0)
		return -1;
	serve(sock);
	return 1;
}

int wait_one(int lfd)
{
	int fd = take(lfd);

	if (fd == -1)
		return -1;
	if (fd == -2)
		return 0;
	serve(fd);
	return 1;
}

int main(void)
{
	struct sockaddr_in sa;
	int l = socket(AF_INET, SOCK_STREAM, 0);

	memset(&sa, 0, sizeof(sa));
	if (l < 0 || bind(l, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(l, 5) < 0)
		return 1;
	poll_once(l);
	poll_late(l);
	return wait_one(l);
}
