#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

int has_ipv6(void);

/* Two blocks, one of them under an #if that declarations stand under, too. */
int dial(const char *name)
{
	int sock = -1;
#ifdef INET6
	struct addrinfo hints, *result, *res;
#endif
	struct sockaddr_in sin;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
#ifdef INET6
	if (has_ipv6()) {
		memset(&hints, 0, sizeof(hints));
		hints.ai_socktype = SOCK_STREAM;
		if (getaddrinfo(name, "80", &hints, &result) != 0)
			return -1;
		for (res = result; res; res = res->ai_next) {
			sock = socket(res->ai_family, SOCK_STREAM, 0);
			if (sock < 0)
				continue;
			if (connect(sock, res->ai_addr, res->ai_addrlen) == 0)
				break;
			close(sock);
			sock = -1;
		}
		freeaddrinfo(result);
	} else
#endif
	{
		sock = socket(AF_INET, SOCK_STREAM, 0);
		if (sock < 0)
			return -1;
		if (connect(sock, (struct sockaddr *)&sin, sizeof(sin)) < 0)
			return -1;
	}
	return sock;
}
