/* options: idle=30 interval=5 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

void log_error(const char *fmt, ...);

int serve(const struct sockaddr_in *at)
{
	int opt = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		log_error("failed to create socket: %s", strerror(errno));
		exit(EXIT_FAILURE);
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &opt, sizeof(opt)) < 0) {
		log_error("failed to set socket option REUSEADDR: %s", strerror(errno));
		exit(EXIT_FAILURE);
	}
	if (bind(fd, (const struct sockaddr *)at, sizeof(*at)) < 0 || listen(fd, 8) < 0) {
		log_error("failed to listen: %s", strerror(errno));
		exit(EXIT_FAILURE);
	}
	return fd;
}

int answer(int fd)
{
	int c;

	while ((c = accept(fd, NULL, NULL)) >= 0) {
		char buf[256];
		ssize_t n = read(c, buf, sizeof(buf));

		if (n > 0 && write(c, buf, n) < 0)
			log_error("write: %s", strerror(errno));
	}
	return -1;
}
