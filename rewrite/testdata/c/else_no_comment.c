#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

/* Each step has a comment, but none fits before the else of a check. */
int dial(void)
{
	int sock;
	struct sockaddr_in server;

	// Open the socket
	sock = socket(AF_INET, SOCK_STREAM, 0);
	if (sock == -1) fprintf(stderr, "could not create socket\n");
	// Fill in the address
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server.sin_family = AF_INET;
	server.sin_port = htons(4353);

	// Connect
	if (connect(sock, (struct sockaddr *)&server, sizeof(server)) < 0)
		fprintf(stderr, "could not connect\n");
	return sock;
}
