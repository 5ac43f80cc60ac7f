#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DEBUG(args) printf args

/* all of its messages begin with its name, that of the option none has */
void serve_clients(int l)
{
	char buf[80];
	int c;

	for (;;) {
		c = accept(l, NULL, NULL);
		if (c == -1) {
			DEBUG(("serve_clients() => accept() failed"));
			continue;
		}
		DEBUG(("serve_clients() => connection"));
		while (read(c, buf, sizeof(buf)) > 0)
			;
		DEBUG(("serve_clients() => end of %d", c));
		close(c);
	}
}

/* copied from a function of another name */
int open_listener(int port)
{
	struct sockaddr_in sa = { AF_INET };
	int val = 1;
	int fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &val, sizeof(val)) == -1) {
		perror("open_listener : setsockopt SO_REUSEADDR");
		return -1;
	}
	sa.sin_port = htons(port);
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) == -1) {
		perror("open_listener : bind");
		return -1;
	}
	return listen(fd, 3) == 0 ? fd : -1;
}

int new_client(int l)
{
	int fd;

	fd = accept(l, NULL, NULL);
	if (fd < 0)
		perror("accept");
	return fd;
}
