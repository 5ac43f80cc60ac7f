#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

void trace_error(const char *format, ...);
void serve(int fd);

static struct { int tcp_listener; } net;

int open_listener(struct sockaddr_in *sa)
{
	int on = 1;

	net.tcp_listener = socket(AF_INET, SOCK_STREAM, 0);
	if (net.tcp_listener < 0) {
		trace_error("network: cannot create the listener\n");
		return -1;
	}
	if (setsockopt(net.tcp_listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0) {
		trace_error("network tcp_listener: error setting socket option SO_REUSEADDR\n");
		return -1;
	}
	if (bind(net.tcp_listener, (struct sockaddr *)sa, sizeof(*sa)) < 0 || listen(net.tcp_listener, 5) < 0)
		return -1;
	return 0;
}

void next(void)
{
	int fd = accept(net.tcp_listener, NULL, NULL);

	if (fd < 0) {
		trace_error("network: error on accept\n");
		return;
	}
	serve(fd);
}
