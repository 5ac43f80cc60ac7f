/* options: style=inline */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Every body has braces, none is a single statement, and the new condition
   takes two lines. */
int converse_with(const struct sockaddr_in *address, const char *text)
{
	char reply[64];
	int descriptor_of_talk;

	if (strlen(text) > 40) {
		fprintf(stderr, "text too long\n");
		return -1;
	}
	if ((descriptor_of_talk = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		perror("socket");
		return -1;
	}
	if (connect(descriptor_of_talk, (const struct sockaddr *)address,
		    sizeof(*address)) < 0) {
		perror("connect");
		close(descriptor_of_talk);
		return -1;
	}
	if (write(descriptor_of_talk, text, strlen(text)) < 0) {
		perror("write");
		close(descriptor_of_talk);
		return -1;
	}
	if (read(descriptor_of_talk, reply, sizeof(reply)) < 0) {
		perror("read");
		close(descriptor_of_talk);
		return -1;
	}
	close(descriptor_of_talk);
	return 0;
}
