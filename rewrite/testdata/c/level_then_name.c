#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static int udp, relay;

/* A message names its function after the word for its level. */
static int net_open_udp(void)
{
	int i = 1;

	if ((udp = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP)) < 0) {
		printf("WARNING: net_open_udp: socket: %s\n", strerror(errno));
		return -1;
	}
	if (setsockopt(udp, SOL_SOCKET, SO_BROADCAST, (char *)&i, sizeof(i)) < 0) {
		printf("WARNING: net_open_udp: setsockopt SO_BROADCAST: %s\n", strerror(errno));
	}
	return udp;
}

void net_open_relay(const struct sockaddr_in *to)
{
	if (net_open_udp() < 0)
		return;
	if ((relay = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)) < 0) {
		printf("WARNING: net_open_relay: socket: %s\n", strerror(errno));
		return;
	}
	if (connect(relay, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		printf("net_open_relay: connect: %s\n", strerror(errno));
		return;
	}
	if (send(relay, "hello", 5, 0) < 5) {
		printf("net_open_relay: send: %s\n", strerror(errno));
	}
}
