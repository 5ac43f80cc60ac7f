#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

extern void chat(int fd);

int lsock_open(const struct sockaddr_in *me)
{
	int s = socket(AF_INET, SOCK_STREAM, 0);
	int true = 1;

	if (s < 0)
		return -1;
	if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, (char *)&true, sizeof(true)) < 0)
		perror("setsockopt(SO_REUSEADDR)");
	if (bind(s, (const struct sockaddr *)me, sizeof(*me)) < 0 || listen(s, 5) < 0) {
		close(s);
		return -1;
	}
	return s;
}

void wait_for_client(int lsock)
{
	int c;

	c = accept(lsock, NULL, NULL);
	if (c < 0) {
		perror("accept");
		return;
	}
	chat(c);
	close(c);
}
