#include <stdio.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net.h"

int relay_open(const struct sockaddr_in *to)
{
	int sock = socket(AF_INET, SOCK_STREAM, 0);

	if (sock < 0) {
		perror("relay: socket");
		return -1;
	}
	if (net_probe_idle(sock) < 0) {
		perror("relay: SO_KEEPALIVE");
		close(sock);
		return -1;
	}
	if (connect(sock, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		perror("relay: connect");
		close(sock);
		return -1;
	}
	return sock;
}
