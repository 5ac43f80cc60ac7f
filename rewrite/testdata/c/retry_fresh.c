#include <stdio.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* A new socket in each round: the block stands in the loop. */
int try_all(const struct sockaddr_in *list, int n)
{
	int s = -1, i;

	for (i = 0; i < n; i++) {
		if (s != -1)
			close(s);
		if ((s = socket(AF_INET, SOCK_STREAM, 0)) == -1) {
			perror("socket");
			return -1;
		}
		if (connect(s, (const struct sockaddr *)&list[i], sizeof(list[i])) == 0)
			return s;
		perror("connect");
	}
	return -1;
}
