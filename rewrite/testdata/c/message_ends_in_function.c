#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

void warn_log(int where, const char *fmt, ...);

/* the name of a function that is not there any more ends the message */
int bind_events(int *sock, struct sockaddr_in *at)
{
    struct linger l = { 1, 2 };

    if (setsockopt(*sock, SOL_SOCKET, SO_LINGER, &l, sizeof(l)) < 0) {
        warn_log(3, "setsockopts(SO_LINGER) error in event_open.\n");
        return -1;
    }
    return bind(*sock, (struct sockaddr *) at, sizeof *at);
}

int event_accept(int sock)
{
    int new_fd;

    new_fd = accept(sock, NULL, NULL);

    return new_fd;
}
