#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int dial(const char *host, struct addrinfo *hints)
{
    int r = 0, sockfd = -1;
    struct addrinfo *ai;

    if ((r = getaddrinfo(host, "80", hints, &ai)) != 0) {
        fprintf(stderr, "error: %s\n", gai_strerror(r));
        return -1;
    }
    if ((sockfd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol)) == -1)
        return -1;

    if (connect(sockfd, ai->ai_addr, ai->ai_addrlen) == -1) {
        close(sockfd);
        return -1;
    }
    return sockfd;
}

int serve(struct sockaddr_in *me)
{
    int r = 0, sockfd = -1;

    if ((sockfd = socket(AF_INET, SOCK_DGRAM, 0)) == -1)
        return -1;
    r = 1;
    if (setsockopt(sockfd, SOL_SOCKET, SO_REUSEADDR, &r, sizeof(int)) < 0) {
        fprintf(stderr, "setsockopt error: %s\n", strerror(errno));
        return -1;
    }
    if ((r = bind(sockfd, (struct sockaddr *)me, sizeof(*me))) < 0)
        return -1;
    return sockfd;
}
