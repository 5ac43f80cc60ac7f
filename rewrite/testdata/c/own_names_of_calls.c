#include <stdio.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

#ifndef XXsocket
#define XXsocket(A, B, C) socket((A), (B), (C))
#endif
#ifndef XXconnect
#define XXconnect(A, B, C) connect((A), (B), (C))
#endif
#ifndef XXsetsockopt
#define XXsetsockopt(A, B, C, D, E) setsockopt((A), (B), (C), (D), (E)) /* for systems without one */
#endif

int dial(struct sockaddr_in *to)
{
    int fd = XXsocket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0) {
        printf("ERROR socket()\n");
        return -1;
    }
    if (XXconnect(fd, (struct sockaddr *) to, sizeof(*to)) < 0) {
        printf("ERROR connect()\n");
        close(fd);
        return -1;
    }
    return fd;
}
