#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

typedef int broker_socket;

int set_nonblocking(broker_socket fd);

int start(const struct sockaddr_in *at, broker_socket *out)
{
    int opt = 1;
    broker_socket fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &opt, sizeof(opt));
    if (bind(fd, (const struct sockaddr *)at, sizeof(*at)) < 0 || listen(fd, 5) < 0) {
        close(fd);
        return -1;
    }
    *out = fd;
    return 0;
}

int take(broker_socket lfd, broker_socket *out)
{
    broker_socket fd;

    fd = accept(lfd, NULL, NULL);
    if (fd < 0)
        return -1;
    if (set_nonblocking(fd) < 0) {
        close(fd);
        return -1;
    }
    *out = fd;
    return 0;
}
