#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

typedef int broker_socket;
typedef int stream_socket;

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

void call_all(int fd)
{
    int on = 1;

    (void)setsockopt(fd, SOL_SOCKET, SO_BROADCAST, (char *)&on, sizeof(on));
}

/* Only some systems set the time: there the address needs no cast. */
stream_socket dial(const struct sockaddr_in *at)
{
#ifdef PATIENT
    struct timeval three = { 3, 0 };
#endif
    stream_socket fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        return -1;
#ifdef PATIENT
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &three, sizeof(three));
#endif
    if (connect(fd, (const struct sockaddr *)at, sizeof(*at)) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}
