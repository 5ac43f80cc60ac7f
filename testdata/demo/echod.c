/* echod: sends back what it receives. Usage: echod [PORT] */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "net.h"

/* Tells systemd, when it started us, that the port is open. */
static void notify_ready(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un sun;
	int fd;

	if (path == NULL || strlen(path) >= sizeof(sun.sun_path))
		return;
	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	strcpy(sun.sun_path, path);
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd == -1)
		return;
	if (sendto(fd, "READY=1", 7, 0, (struct sockaddr *)&sun, sizeof(sun)) == -1)
		perror(path);
	close(fd);
}

/* Serves one peer until it hangs up. A peer that vanishes keeps its process for ever. */
static void serve(int fd)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (write_all(fd, buf, n) == -1)
			break;
	if (n == -1)
		perror("read");
}

int main(int argc, char **argv)
{
	const char *port = argc > 1 ? argv[1] : "7007";
	int lfd, fd;

	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	lfd = tcp_listen(port);
	if (lfd == -1)
		return EXIT_FAILURE;
	notify_ready();
	for (;;) {
		fd = accept(lfd, NULL, NULL);
		if (fd == -1) {
			if (errno == EINTR || errno == ECONNABORTED)
				continue;
			perror("accept");
			return EXIT_FAILURE;
		}
		switch (fork()) {
		case -1:
			perror("fork");
			break;
		case 0:
			close(lfd);
			serve(fd);
			_exit(EXIT_SUCCESS);
		}
		close(fd);
	}
}
