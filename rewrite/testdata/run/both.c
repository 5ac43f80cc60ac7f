#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in addr;

/* Connect to the server and read its greeting. */
static int visit(void)
{
	char buf[8];
	int s;

	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s < 0) {
		perror("socket");
		return 1;
	}
	if (connect(s, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
		perror("connect");
		close(s);
		return 1;
	}
	return read(s, buf, sizeof(buf)) != 6;
}

int main(void)
{
	socklen_t len = sizeof(addr);
	int l, c, i, status;

	l = socket(AF_INET, SOCK_STREAM, 0);
	if (l < 0) {
		perror("socket");
		return 1;
	}
	memset(&addr, 0, sizeof(addr));
	addr.sin_family = AF_INET;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(l, (struct sockaddr *)&addr, sizeof(addr)) < 0 || listen(l, 5) < 0 ||
	    getsockname(l, (struct sockaddr *)&addr, &len) < 0) {
		perror("listen");
		return 1;
	}
	for (i = 0; i < 3; i++) {
		if (fork() == 0)
			exit(visit());
		c = accept(l, NULL, NULL);
		if (c < 0) {
			perror("accept");
			return 1;
		}
		if (write(c, "hello\n", 6) != 6)
			return 1;
		close(c);
		if (wait(&status) < 0 || status != 0)
			return 1;
	}
	return 0;
}
