/* options: idle=60 */
/* The one relative of the new header is included for some of the sockets only. */
#include <netdb.h>
#include <stdio.h>
#if USE_IPV6
# include <netinet/in.h>
#endif

int socket(int, int, int);

int reach(const struct addrinfo *ai)
{
	int fd;

#if USE_IPV6
	if ((fd = socket(ai->ai_family, SOCK_STREAM, 0)) < 0)
		return -1;
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) < 0)
		return -1;
#else
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
		return -1;
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) < 0)
		return -1;
#endif
	return fd;
}
