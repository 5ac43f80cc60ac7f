#include <stdio.h>
#include <string.h>
#ifdef _WIN32
#include <winsock2.h>
#else
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>
#define closesocket close
#endif

/* Nothing here sets an option; on Windows a pointer to char is wanted. */
int dial(const struct sockaddr_in *sin)
{
    int s;

    if ((s = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
	perror("creating socket");
	return -1;
    }
    if (connect(s, (const struct sockaddr *) sin, sizeof(*sin)) < 0) {
	perror("connecting to server");
	(void) closesocket(s);
	return -1;
    }
    return s;
}
