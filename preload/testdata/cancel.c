/* Threads that wait in connect() and in accept() are cancelled there; prints
 * "cancelled" if both were. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in addr;

static int listener(void)
{
	socklen_t len = sizeof addr;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	memset(&addr, 0, sizeof addr);
	addr.sin_family = AF_INET;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof addr) != 0 || listen(fd, 0) != 0 ||
	    getsockname(fd, (struct sockaddr *)&addr, &len) != 0)
		perror("listen");
	return fd;
}

static void *waits(void *arg)
{
	int fd = *(int *)arg;

	if (fd >= 0) {
		accept(fd, NULL, NULL);
	} else {
		fd = socket(AF_INET, SOCK_STREAM, 0);
		connect(fd, (struct sockaddr *)&addr, sizeof addr);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[2];
	void *result[2];
	int quiet = listener(), none = -1, i, fd;

	listener(); /* its address stays, its queue is filled */
	for (i = 0; i < 4; i++) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fd, (struct sockaddr *)&addr, sizeof addr);
	}
	pthread_create(&t[0], NULL, waits, &quiet);
	pthread_create(&t[1], NULL, waits, &none);
	usleep(300000);
	for (i = 0; i < 2; i++) {
		pthread_cancel(t[i]);
		pthread_join(t[i], &result[i]);
	}
	puts(result[0] == PTHREAD_CANCELED && result[1] == PTHREAD_CANCELED ? "cancelled" : "returned");
	return 0;
}
