/* The function that reports ends the program for the kind that the check after accept()
 * gives it: over a mere option of one client no message of that kind. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

#define ERROR 42
#define LOG   44

static void logger(int type, const char *s1, const char *s2, int fd)
{
	switch (type) {
	case ERROR:
		fprintf(stderr, "ERROR: %s:%s Errno=%d exiting\n", s1, s2, errno);
		break;
	case LOG:
		fprintf(stderr, "INFO: %s:%s:%d\n", s1, s2, fd);
		break;
	}
	if (type == ERROR)
		exit(3);
}

int main(void)
{
	struct sockaddr_in sin;
	int s, c;

	if ((s = socket(AF_INET, SOCK_STREAM, 0)) < 0)
		logger(ERROR, "system call", "socket", 0);
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_port = htons(8181);
	if (bind(s, (struct sockaddr *)&sin, sizeof(sin)) < 0)
		logger(ERROR, "system call", "bind", 0);
	if (listen(s, 64) < 0)
		logger(ERROR, "system call", "listen", 0);
	for (;;) {
		if ((c = accept(s, NULL, NULL)) < 0)
			logger(ERROR, "system call", "accept", 0);
		logger(LOG, "accepted", "a client", c);
		if (write(c, "hello\n", 6) < 0)
			logger(LOG, "write", "a client", c);
		close(c);
	}
}
