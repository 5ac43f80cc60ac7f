#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

void warning(int err, const char *text, ...);
void complain(const char *what);
void serve(int fd);

void listener(int lfd)
{
    int fd;

    while (lfd > 0) {
        fd = accept(lfd, NULL, NULL);
        if (fd == -1) {
            warning(errno, "listener: accept() failed, retrying...");
            continue;
        }
        serve(fd);
    }
}

int dial(const struct sockaddr_in *at)
{
    int fd;

    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) {
        complain("dial() socket");
        return -1;
    }
    if (connect(fd, (const struct sockaddr *)at, sizeof(*at)) == -1) {
        complain("dial() connect");
        close(fd);
        return -1;
    }
    return fd;
}
