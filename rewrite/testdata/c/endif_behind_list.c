#include <stdbool.h>
#include <errno.h>
#include <string.h>
#include <netdb.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

struct client { int sd, cork; struct addrinfo *addr; };
void err_log(const char *fmt, ...);

int client_connect(struct client *client)
{
	struct addrinfo *addr = client->addr;
	int sd;

	if (client->sd < 0) {
		if ((sd = socket(addr->ai_family, addr->ai_socktype, addr->ai_protocol)) < 0) {
			err_log("client: Unable to create socket: %s", strerror(errno));
			return 4;
		}
#ifdef TCP_CORK
		if (client->cork &&
		    addr->ai_family == AF_INET &&
		    addr->ai_protocol == IPPROTO_TCP) {
			int state = 1;
			if (setsockopt(sd, IPPROTO_TCP, TCP_CORK, &state, sizeof(state))) {
				err_log("failed to set TCP_CORK");
			}
		}
#endif
		client->sd = sd;
		if (connect(sd, addr->ai_addr, addr->ai_addrlen) != 0 && errno != EINPROGRESS) {
			err_log("client: Unable to connect: %s", strerror(errno));
			close(sd);
			return 5;
		}
	}
	return 0;
}
