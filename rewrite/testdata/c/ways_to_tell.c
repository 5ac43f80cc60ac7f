#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EC_LIB_SOCKET = 7 };
void flog_err(int code, const char *format, ...);
int db_connect(int sock, const char *name); /* of a library */
static int run_with_errors;

static void err_sys(const char *what)
{
	printf("error: %s\n", what);
	exit(1);
}

static void err_sys_ex(int out, const char *what)
{
	if (out)
		printf("error: %s\n", what);
	else
		err_sys(what);
}

int of_library(const char *name)
{
	int sock = socket(AF_INET, SOCK_STREAM, 0);

	if (sock < 0) {
		flog_err(EC_LIB_SOCKET, "failed to create socket: %s", strerror(errno));
		return -1;
	}
	if (db_connect(sock, name) != 0)
		return -1;
	return sock;
}

int may_end(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0)
		err_sys_ex(run_with_errors, "accept failed");
	return fd;
}

int numbered(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		printf("Failed to create socket, err = %d\n", errno);
		return -1;
	}
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 ? fd : -1;
}
