/* What a server answers its peer is no report: it would be answered twice. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void log_warn(const char *fmt, ...);
void reply(int peer, int code, const char *fmt, ...);

int data(int peer, const struct sockaddr_in *to)
{
	int on = 1, s;

	if ((s = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		reply(peer, 425, "Error creating socket; %s.", strerror(errno));
		return -1;
	}
	if (setsockopt(s, SOL_SOCKET, SO_SNDBUF, &on, sizeof(on)) != 0)
		log_warn("cannot set SO_SNDBUF: %s", strerror(errno));
	if (connect(s, (const struct sockaddr *)to, sizeof(*to)) != 0) {
		reply(peer, 425, "Error connecting; %s.", strerror(errno));
		close(s);
		return -1;
	}
	return s;
}

int data2(int peer, const struct sockaddr_in *to)
{
	int s;

	if ((s = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		reply(peer, 425, "Error creating socket; %s.", strerror(errno));
		return -1;
	}
	if (connect(s, (const struct sockaddr *)to, sizeof(*to)) != 0) {
		dprintf(peer, "425 Error connecting; %s.\r\n", strerror(errno));
		close(s);
		return -1;
	}
	return s;
}
