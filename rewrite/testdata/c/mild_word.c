#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* All that begins with ERROR ends the program. */
int main(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int fd, peer;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		printf("ERROR: socket, err = %d\n", errno);
		return 1;
	}
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(fd, 5) < 0) {
		fprintf(stderr, "ERROR: bind, err = %d\n", errno);
		return 1;
	}
	if (chdir("/") < 0)
		fprintf(stderr, "Warning: could not change directory\n");
	peer = accept(fd, NULL, NULL);
	if (peer < 0) {
		fprintf(stderr, "ERROR: could not accept\n");
		return 1;
	}
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		printf("ERROR: socket, err = %d\n", errno);
		return 1;
	}
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		return 1;
	return 0;
}
