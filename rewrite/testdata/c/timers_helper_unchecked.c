/* options: idle=60 interval=10 count=6 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

int sync_connect(const struct sockaddr_in *to)
{
	int yes = 1;
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		syslog(LOG_ERR, "sync: socket: %s", strerror(errno));
		return -1;
	}
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) < 0) {
		syslog(LOG_ERR, "sync: TCP_NODELAY: %s", strerror(errno));
		close(fd);
		return -1;
	}
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		syslog(LOG_ERR, "sync: connect: %s", strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}
