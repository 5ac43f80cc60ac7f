#include <stdio.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

#define CHECK_OR_GOTO(call, label) do { if ((call) == -1) { perror(#call); goto label; } } while (0)

int
open_it(struct sockaddr_in *a)
{
	int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	CHECK_OR_GOTO(fd, fail);
	CHECK_OR_GOTO(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)), fail_close);
	CHECK_OR_GOTO(connect(fd, (struct sockaddr *)a, sizeof(*a)), fail_close);
	return fd;
fail_close:
	close(fd);
fail:
	return -1;
}

int
open_b(struct sockaddr_in *a)
{
	int fd = -1;

	CHECK_OR_GOTO(fd = socket(AF_INET, SOCK_STREAM, 0), out);
	CHECK_OR_GOTO(connect(fd, (struct sockaddr *)a, sizeof(*a)), out);
	return fd;
out:
	if (fd != -1)
		close(fd);
	return -1;
}

int
