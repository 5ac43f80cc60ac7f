#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

/* options follow, and no test */
int dial(int v6, struct sockaddr *to, socklen_t len, struct timeval *tv)
{
    int fd = -1;

    if (v6) {
        fd = socket(AF_INET6, SOCK_STREAM, 0);
    } else {
        fd = socket(AF_INET, SOCK_STREAM, 0);
    }

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, tv, sizeof(*tv));
    if (connect(fd, to, len) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* an arm of datagrams */
int dial_any(int tcp, struct sockaddr *to, socklen_t len)
{
    int fd = -1;

    if (tcp) {
        fd = socket(AF_INET, SOCK_STREAM, 0);
    } else {
        fd = socket(AF_INET, SOCK_DGRAM, 0);
    }

    if (connect(fd, to, len) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}
