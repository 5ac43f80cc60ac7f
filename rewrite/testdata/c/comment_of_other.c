#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

void serve(int fd);

int open_door(const struct sockaddr_in *at)
{
    int yes = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd == -1) {
        syslog(LOG_ERR, "socket failed: %s", strerror(errno));
        return -1;
    }

    /* Get rid of address in use error, ignore errors */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == -1) {
        syslog(LOG_WARNING, "setsockopt SO_REUSEADDR failed: %s", strerror(errno));
    }

    if (bind(fd, (const struct sockaddr *)at, sizeof(*at)) == -1 || listen(fd, 5) == -1) {
        close(fd);
        return -1;
    }
    return fd;
}

void answer(int lfd)
{
    int fd = accept(lfd, NULL, NULL);

    if (fd == -1) {
        syslog(LOG_ERR, "accept failed: %s", strerror(errno));
        return;
    }
    serve(fd);
}
