#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

/* Each message ends the line before it. */
int join_game(struct sockaddr_in *server)
{
	int sock = socket(AF_INET, SOCK_STREAM, 0);

	if (sock == -1) {
		printf("\nCould not create socket");
		return -1;
	}
	if (connect(sock, (struct sockaddr *)server, sizeof(*server)) < 0) {
		perror("\nConnect failed. Error");
		close(sock);
		return -1;
	}
	printf("\nConnected");
	return sock;
}
