#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

extern void chat(int fd);

/* 0 stands for "again". */
void wait_for_client(int lsock)
{
	int c;

	for (c = 0; c == 0;) {
		c = accept(lsock, NULL, NULL);
		if (c < 0 && errno == EINTR)
			c = 0;
	}
	if (c < 0) {
		perror("accept");
		return;
	}
	chat(c);
	close(c);
}

int lsock_open(const struct sockaddr_in *me)
{
	int s = socket(AF_INET, SOCK_STREAM, 0);

	if (s < 0 || bind(s, (const struct sockaddr *)me, sizeof(*me)) < 0 || listen(s, 5) < 0)
		return -1;
	return s;
}
