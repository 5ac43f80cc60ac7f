/* options: style=inline */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The only body of a single statement has no braces: nor has the new one. */
int converse(const struct sockaddr_in *address, const char *text)
{
	char reply[64];
	int descriptor;

	if (strlen(text) > 40) {
		fprintf(stderr, "text too long\n");
		return -1;
	}
	if ((descriptor = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		perror("socket");
		return -1;
	}
	if (connect(descriptor, (const struct sockaddr *)address,
		    sizeof(*address)) < 0) {
		perror("connect");
		close(descriptor);
		return -1;
	}
	if (write(descriptor, text, strlen(text)) < 0) {
		perror("write");
		close(descriptor);
		return -1;
	}
	if (read(descriptor, reply, sizeof(reply)) < 0) {
		perror("read");
		close(descriptor);
		return -1;
	}
	if (close(descriptor) < 0)
		return -1;
	return 0;
}
