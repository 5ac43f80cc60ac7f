#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* 0 stands for no socket, and connect() fails without one. */
int dial(struct sockaddr_in *sa)
{
	int sock = 0;

	sock = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(sock, (struct sockaddr *)sa, sizeof(*sa)) == -1)
		sock = 0;
	return sock;
}

int fetch(struct sockaddr_in *sa)
{
	int sock = dial(sa);

	if (sock != 0) {
		send(sock, "get", 3, 0);
		close(sock);
	}
	return sock;
}

/* What the block says would be wrong here. */
int dial_loudly(struct sockaddr_in *sa)
{
	int sock;

	if ((sock = socket(AF_INET, SOCK_STREAM, 0)) < 0)
		perror("socket");
	if (connect(sock, (struct sockaddr *)sa, sizeof(*sa)) == -1)
		perror("connect");
	return sock;
}
