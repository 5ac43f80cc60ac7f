#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

/* Its type of a pointer is for one system alone, and so is a socket() with four arguments. */
int get_socket(struct sockaddr_in *sin)
{
    int s;
#ifdef __hpux
    int size = 0;
#endif

#ifdef EXOS
    s = socket(SOCK_STREAM, NULL, sin, SO_KEEPALIVE);
    if (s < 0) {
	perror("socket");
	return -1;
    }
    if (connect(s, sin) < 0) {
	perror("connect");
	close(s);
	return -1;
    }
#else
    s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0) {
	perror("socket");
	return -1;
    }
    if (connect(s, (struct sockaddr *)sin, sizeof (*sin)) < 0) {
	perror("connect");
	close(s);
	return -1;
    }
#endif
#ifdef __hpux
    size = 0x8000;
    setsockopt(s, SOL_SOCKET, SO_SNDBUF, (caddr_t)&size, sizeof (size));
#endif
    return s;
}
