/* A block right behind the declarations of an inner list declares its variable among
 * these; another block of the function, outside of that list, does not see it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

int proxy_fd, forward_fd;
int asked(int fd, char **host, int *port);
void serve(int fd, const char *host, int port);

void loop(void)
{
	char *host = NULL;
	int port = 0;

	for (;;) {
		if (proxy_fd > 0) {
			int fd = accept(proxy_fd, NULL, NULL);

			if (fd != -1) {
				char *wanted = NULL;
				int there = 0;
				if (asked(fd, &wanted, &there) == 0)
					serve(fd, wanted, there);
				else
					close(fd);
			}
		}
		if (forward_fd > 0) {
			int fd2;

			fd2 = accept(forward_fd, NULL, NULL);
			if (fd2 != -1) {
				printf("Accepting a new connection\n");
				serve(fd2, host, port);
			} else {
				printf("Accept failed: %s\n", strerror(errno));
			}
		}
	}
}

int start(int port)
{
	struct sockaddr_in sin;
	int yes = 1;
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == -1) {
		printf("Could not set SO_REUSEADDR: %s\n", strerror(errno));
	}
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_port = htons(port);
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(fd, 5) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int main(void)
{
	proxy_fd = start(1080);
	forward_fd = start(8080);
	loop();
	return 0;
}
