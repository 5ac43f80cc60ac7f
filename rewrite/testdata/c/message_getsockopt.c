#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

void serve(int fd, int size);

void take(int lfd)
{
    int size = 0;
    socklen_t len = sizeof(size);
    int fd = accept(lfd, NULL, NULL);

    if (fd < 0)
        return;
    if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, &len) < 0) {
        syslog(LOG_WARNING, "getsockopt SO_SNDBUF - %m");
        close(fd);
        return;
    }
    if (getsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &size, &len) < 0)
        syslog(LOG_WARNING, "getsockopt TCP_MAXSEG - %m");
    serve(fd, size);
}
