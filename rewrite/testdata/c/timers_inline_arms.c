/* options: idle=60 interval=10 count=6 */
#include <netdb.h>
#include <string.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

int mailbox_connect(const char *server, unsigned short port)
{
#ifdef HAVE_GETADDRINFO
	struct addrinfo hints, *res, *ai;
#else
	struct hostent *host;
	struct sockaddr_in sa;
#endif
	int s = -1;

#ifndef HAVE_GETADDRINFO
	host = gethostbyname(server);
	if (host == NULL)
		return -1;
	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s == -1)
		return -1;
	memset(&sa, 0, sizeof(sa));
	sa.sin_family = AF_INET;
	sa.sin_port = htons(port);
	memcpy(&sa.sin_addr, host->h_addr_list[0], sizeof(sa.sin_addr));
	if (connect(s, (struct sockaddr *)&sa, sizeof(sa)) == -1) {
		close(s);
		return -1;
	}
#else
	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(server, NULL, &hints, &res) != 0)
		return -1;
	for (ai = res; ai != NULL; ai = ai->ai_next) {
		s = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol);
		if (s == -1)
			continue;
		((struct sockaddr_in *)(void *)ai->ai_addr)->sin_port = htons(port);
		if (connect(s, ai->ai_addr, ai->ai_addrlen) == 0)
			break;
		close(s);
		s = -1;
	}
	freeaddrinfo(res);
#endif
	return s;
}
