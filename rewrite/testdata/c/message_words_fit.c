#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

void note(const char *fmt, ...);
void warn_log(int where, const char *fmt, ...);
void sys_error(const char *what);
void lisp_error(int kind, const char *function, int arg);
int spoken(int fd);
int add_peer(int fd);

/* another option is switched off: this one is not */
int cork(int listener)
{
    int fd, opt;

    if ((fd = accept(listener, NULL, NULL)) < 0) {
        sys_error("accept");
        return -1;
    }
    opt = 0;
    if (setsockopt(fd, IPPROTO_TCP, TCP_CORK, &opt, sizeof opt))
        warn_log(2, "Can't reset TCP_CORK\n");
    return fd;
}

/* what becomes of the listener is not said of a connection */
int open_listener(struct sockaddr_in *at)
{
    const int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd == -1)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof (one)) == -1) {
        note("Failed to setsockopt(SO_REUSEADDR) the listen socket! Will try other options! (%s)", strerror(errno));
        close(fd);
        return -1;
    }
    if (bind(fd, (struct sockaddr *) at, sizeof *at) == -1 || listen(fd, 8) == -1) {
        note("Failed to bind the listen socket! Will try other options! (%s)", strerror(errno));
        close(fd);
        return -1;
    }
    return fd;
}

int accept_one(int listener)
{
    const int sock = accept(listener, NULL, NULL);

    if (sock == -1) {
        note("accept() reported an error! We ignore it! (%s)", strerror(errno));
        return -1;
    }
    return add_peer(sock);
}

/* the text is the name of what the user called */
int f_open_peer(struct sockaddr_in *to)
{
    int sock = socket(AF_INET, SOCK_STREAM, 0);

    if (sock < 0) {
        lisp_error(7, "open-peer", 0);
        return 0;
    }
    if (connect(sock, (struct sockaddr *) to, sizeof *to) < 0) {
        lisp_error(7, "open-peer", 0);
        close(sock);
        return 0;
    }
    return sock;
}
