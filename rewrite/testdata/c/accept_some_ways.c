#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void serve(int fd, const char *ip);

static int chat_listener, audio_listener;

static int open_listener(int port)
{
	struct sockaddr_in at;
	int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	memset(&at, 0, sizeof(at));
	at.sin_family = AF_INET;
	at.sin_port = htons(port);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(fd, 8) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int take(int listener, char *ip, socklen_t len)
{
	struct sockaddr_in from;
	socklen_t n = sizeof(from);
	int on = 1, fd = accept(listener, (struct sockaddr *)&from, &n);

	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	inet_ntop(AF_INET, &from.sin_addr, ip, len);
	return fd;
}

void chat(int port)
{
	char ip[INET_ADDRSTRLEN];

	if ((chat_listener = open_listener(port)) < 0)
		return;
	for (;;) {
		int fd = take(chat_listener, ip, sizeof(ip));

		if (fd < 0)
			continue;
		serve(fd, ip);
	}
}

void audio(int port)
{
	char ip[INET_ADDRSTRLEN];

	if ((audio_listener = open_listener(port)) < 0)
		return;
	for (;;) {
		int on = 1, fd = take(audio_listener, ip, sizeof(ip));

		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
		serve(fd, ip);
	}
}
