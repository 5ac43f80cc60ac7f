#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int openconn(const char *server, const char *port)
{
    int fd = -1;
#ifdef HAVE_GETADDRINFO
    int err;
    struct addrinfo hints, *res, *ai;
#else
    struct hostent *hostinfo;
    struct sockaddr_in saddr;
#endif

    /* Each arm has its own. */
    printf("connecting\n");

#ifdef HAVE_GETADDRINFO
    memset(&hints, 0, sizeof(hints));
    hints.ai_socktype = SOCK_STREAM;
    if ((err = getaddrinfo(server, port, &hints, &res)) != 0)
	return -1;

    for (ai = res; ai; ai = ai->ai_next) {
	if ((fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol)) < 0)
	    continue;		/* ignore */
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
	    break;		/* success */
	close(fd);
    }
    freeaddrinfo(res);
    if (ai == NULL) {
	return -1;
    }
    if (port == NULL) {
	close(fd);
    }
#else
    if ((hostinfo = gethostbyname(server)) == NULL)
	return -1;
    if ((fd = socket(PF_INET, SOCK_STREAM, IPPROTO_IP)) < 0)
	return -1;
    memset(&saddr, 0, sizeof(saddr));
    saddr.sin_addr = *(struct in_addr *) hostinfo->h_addr;
    if (connect(fd, (struct sockaddr *)&saddr, sizeof(saddr)) < 0)
	return -1;
#endif

    return fd;
}
