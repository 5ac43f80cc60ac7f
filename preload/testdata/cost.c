/* What system calls cost, in the manner of the first argument:
 *
 *   cost serve              print "port N", accept and close for ever
 *   cost connect PORT N     connect and close N times
 *   cost accept N           print "port N", accept and close N connections
 *   cost transfer BYTES     move BYTES over a loopback connection
 *   cost call N             call sendto N times on a descriptor that is none
 *
 * All but the first print "ns N", nanoseconds in all. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in addr;
static long long bytes;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int server(void)
{
	socklen_t len = sizeof addr;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof addr) != 0 || listen(fd, 4096) != 0 ||
	    getsockname(fd, (struct sockaddr *)&addr, &len) != 0)
		die("listen");
	printf("port %d\n", ntohs(addr.sin_port));
	fflush(stdout);
	return fd;
}

static int client(void)
{
	struct linger now = { 1, 0 }; /* no TIME_WAIT: ports are few */
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof addr) != 0)
		die("connect");
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	return fd;
}

static void *receive(void *arg)
{
	static char buf[65536];
	int fd = accept(*(int *)arg, NULL, NULL);
	long long left = bytes;
	ssize_t n;

	while (left > 0 && (n = recv(fd, buf, sizeof buf, 0)) > 0)
		left -= n;
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	static char buf[65536];
	struct timespec a, b;
	long long left, n = argc > 2 ? atoll(argv[argc - 1]) : 0;
	pthread_t t;
	int l, fd;

	if (argc < 2)
		return 2;
	addr.sin_family = AF_INET;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (strcmp(argv[1], "serve") == 0) {
		l = server();
		for (;;)
			close(accept(l, NULL, NULL));
	}
	if (strcmp(argv[1], "connect") == 0) {
		addr.sin_port = htons(atoi(argv[2]));
		clock_gettime(CLOCK_MONOTONIC, &a);
		while (n-- > 0)
			close(client());
	} else if (strcmp(argv[1], "accept") == 0) {
		l = server();
		close(accept(l, NULL, NULL)); /* the clock starts with the clients */
		clock_gettime(CLOCK_MONOTONIC, &a);
		while (--n > 0)
			close(accept(l, NULL, NULL));
	} else if (strcmp(argv[1], "call") == 0) {
		clock_gettime(CLOCK_MONOTONIC, &a);
		while (n-- > 0)
			sendto(-1, buf, 1, 0, NULL, 0);
	} else {
		bytes = n;
		l = server();
		if (pthread_create(&t, NULL, receive, &l) != 0)
			die("pthread_create");
		fd = client();
		clock_gettime(CLOCK_MONOTONIC, &a);
		for (left = n; left > 0; left -= sizeof buf)
			if (send(fd, buf, sizeof buf, 0) != (ssize_t)sizeof buf)
				die("send");
		pthread_join(t, NULL);
	}
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("ns %lld\n", (b.tv_sec - a.tv_sec) * 1000000000LL + b.tv_nsec - a.tv_nsec);
	return 0;
}
