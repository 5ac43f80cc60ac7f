#include <netdb.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a call returns is tested in the next line: no declaration goes between the two. */
int reach(const char *host, const char *port)
{
	struct addrinfo *list;

	int err = getaddrinfo(host, port, &(struct addrinfo){.ai_socktype = SOCK_STREAM}, &list);
	if (err != 0)
		return -1;

	struct addrinfo *a = list;
	while (a != NULL) {
		int s = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
		if (s != -1) {
			err = connect(s, a->ai_addr, a->ai_addrlen);
			if (err == 0)
				return s;
			close(s);
		}
		a = a->ai_next;
	}
	return -1;
}
