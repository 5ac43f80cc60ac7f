/* One end of a TCP connection, in the manner of its first argument:
 *
 *   peer client|server [plain|thread|fork] [PORT]
 *
 * A server prints "port N"; both print "ready" once connected and then wait
 * for the end of standard input. None of it knows of keepalive. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int port;
static int listener = -1;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void hold(void)
{
	char c;

	puts("ready");
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
}

static void *end(void *unused)
{
	struct sockaddr_in a;
	int fd;

	if (listener >= 0) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			die("accept");
	} else {
		memset(&a, 0, sizeof a);
		a.sin_family = AF_INET;
		a.sin_port = htons(port);
		a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
			die("connect");
	}
	hold();
	return unused;
}

static void serve(void)
{
	struct sockaddr_in a;
	socklen_t len = sizeof a;

	memset(&a, 0, sizeof a);
	a.sin_family = AF_INET;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&a, sizeof a) != 0 ||
	    listen(listener, 16) != 0 || getsockname(listener, (struct sockaddr *)&a, &len) != 0)
		die("listen");
	printf("port %d\n", ntohs(a.sin_port));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	pthread_t t;

	if (argc < 3)
		return 2;
	port = argc > 3 ? atoi(argv[3]) : 0;
	if (strcmp(argv[1], "server") == 0)
		serve();
	if (strcmp(argv[2], "thread") == 0) {
		if (pthread_create(&t, NULL, end, NULL) != 0)
			die("pthread_create");
		pthread_join(t, NULL);
	} else if (strcmp(argv[2], "fork") == 0) {
		if (fork() == 0) {
			end(NULL);
			_exit(0);
		}
		wait(NULL);
	} else {
		end(NULL);
	}
	return 0;
}
