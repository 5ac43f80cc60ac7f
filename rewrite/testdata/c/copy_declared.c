#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

#define E_SOCKET -2

/* The variable for results has the descriptor only until it is copied. */
int dial(struct sockaddr_in *sa)
{
	int err = socket(AF_INET, SOCK_STREAM, 0);

	if (err < 0)
		return E_SOCKET;
	int sock = err;

	err = connect(sock, (struct sockaddr *)sa, sizeof(*sa));
	if (err != 0) {
		close(sock);
		return E_SOCKET;
	}
	return sock;
}
