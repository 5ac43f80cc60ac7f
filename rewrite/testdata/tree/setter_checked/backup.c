#include <stdio.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net.h"

int backup_open(const struct sockaddr_in *to)
{
	int sock = socket(AF_INET, SOCK_STREAM, 0);

	if (sock < 0) {
		perror("backup: socket");
		return -1;
	}
	if (connect(sock, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		perror("backup: connect");
		close(sock);
		return -1;
	}
	return sock;
}
