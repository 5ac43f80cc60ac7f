#include <netdb.h>
#include <string.h>
#include "hints.h"

struct addrinfo *resolve(const char *host, int type)
{
	struct addrinfo hints, *res;

	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = type;
	if (getaddrinfo(host, "http", &hints, &res) != 0)
		return NULL;
	return res;
}

int resolve_into(const char *host, int type, struct addrinfo **out)
{
	struct addrinfo hints = { 0 };

	hints.ai_socktype = type;
	return getaddrinfo(host, "http", &hints, out);
}
