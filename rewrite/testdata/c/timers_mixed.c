/* options: idle=30 interval=5 count=4 */
#include <stdio.h>
#include <unistd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

int out_open(const struct sockaddr_in *to)
{
	int on = 1;
	int s = socket(AF_INET, SOCK_STREAM, 0);

	if (s < 0) {
		perror("socket");
		return -1;
	}
	if (setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0) {
		perror("TCP_NODELAY");
		close(s);
		return -1;
	}
	if (connect(s, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		perror("connect");
		close(s);
		return -1;
	}
	return s;
}

int in_serve(const struct sockaddr_in *own, int (*serve)(int))
{
	int s, lfd = socket(AF_INET, SOCK_STREAM, 0);

	if (lfd < 0 || bind(lfd, (const struct sockaddr *)own, sizeof(*own)) < 0 || listen(lfd, 5) < 0) {
		perror("listener");
		return -1;
	}
	for (;;) {
		s = accept(lfd, NULL, NULL);
		if (s < 0) {
			perror("accept");
			continue;
		}
		serve(s);
	}
}
