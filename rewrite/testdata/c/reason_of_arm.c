#include <stdio.h>
#include <stdlib.h>
#ifdef _WIN32
#include <winsock2.h>
#define ERROR WSAGetLastError()
#else
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>
#define SOCKET int
#define INVALID_SOCKET -1
#endif

/* errno is nothing on Windows: what the arm beside says of it is not said for both. */
void net_accept(SOCKET sock, SOCKET *c_sock)
{
    *c_sock = accept(sock, NULL, NULL);

    #ifdef _WIN32
    if (*c_sock == INVALID_SOCKET) {
        printf("Accept failed: %d\n", ERROR);
        exit(EXIT_FAILURE);
    }
    #else
    if (*c_sock < 0) {
        perror("Accept failed");
        exit(EXIT_FAILURE);
    }
    #endif

    printf("Connection accepted\n");
}

int net_dial(const struct sockaddr_in *sin)
{
#ifdef _WIN32
    return -1;
#else
    int s = socket(AF_INET, SOCK_STREAM, 0);

    if (s < 0) {
        perror("Socket failed");
        return -1;
    }
    if (connect(s, (const struct sockaddr *) sin, sizeof(*sin)) < 0) {
        perror("Connect failed");
        close(s);
        return -1;
    }
    return s;
#endif
}
