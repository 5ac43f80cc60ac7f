/* options: style=inline */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void report(int code, const char *fmt, ...);

int dial(const char *host, struct sockaddr_in *sa, int way)
{
	int fd = -1;

	switch (way) {
	case 0:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd < 0) {
			perror("ERROR opening socket");
			return -1;
		}
		break;
	case 1:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd < 0) {
			fprintf(stderr, "ERROR: socket()\n");
			return -1;
		}
		break;
	case 2:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd < 0) {
			perror("creating stream socket");
			return -1;
		}
		break;
	case 3:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd < 0) {
			fprintf(stderr, "[!] socket error: %s (%d)\n", strerror(errno), errno);
			return -1;
		}
		break;
	case 4:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd < 0) {
			warn("%s: socket", host);
			return -1;
		}
		break;
	case 5:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd < 0) {
			fprintf(stderr, "%s:%d: Sorry, can't make a socket, %s\n", __FILE__, __LINE__, strerror(errno));
			return -1;
		}
		break;
	case 6:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd < 0) {
			report(errno, "socket");
			return -1;
		}
		break;
	case 7:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd < 0) {
			printf("(%s) no socket!\n", host);
			return -1;
		}
		break;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return -1;
	return fd;
}
