#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

extern char *program;

/* Each message has its beginning from a call of its own. */
int connect_to(struct sockaddr_in *sa)
{
	int sock;
	int one = 1;

	sock = socket(AF_INET, SOCK_STREAM, 0);
	if (sock < 0) {
		fputs(program, stderr);
		perror(": connect_to: socket");
		return -1;
	}
	if (connect(sock, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		fputs(program, stderr);
		perror(": connect_to: connect");
		close(sock);
		return -1;
	}
	if (setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) < 0) {
		fputs(program, stderr);
		perror(": connect_to: setsockopt");
		close(sock);
		return -1;
	}
	return sock;
}

int serve(int listener)
{
	int sock;

	if ((sock = accept(listener, NULL, NULL)) < 0) {
		fprintf(stderr, "%s", program);
		fprintf(stderr, ": no connection: %m\n");
		return -1;
	}
	return sock;
}

int main(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int l = socket(AF_INET, SOCK_STREAM, 0);

	if (l < 0 || bind(l, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(l, 1) < 0)
		return 1;
	return connect_to(&sa) < 0 || serve(l) < 0;
}
