#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void reply(int handle, const char *bytes, int len);
int watch(int fd);

int ask(int handle, const struct sockaddr_in *at)
{
    int fd, tmp;

    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0) {
        if (fd >= 0)
            close(fd);
        reply(handle, "", 0);
        return -1;
    }

    do
        tmp = connect(fd, (const struct sockaddr *)at, sizeof(*at));
    while (tmp && errno == EINTR);
    return watch(fd);
}
