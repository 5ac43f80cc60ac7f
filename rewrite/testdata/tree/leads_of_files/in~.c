#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>
#include "say.h"

int in_open(const struct sockaddr_in *me)
{
    int one = 1;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (fd < 0)
    {
        error("in~ : no socket");
        return -1;
    }
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0)
    {
        error("in~ : setsockopt SO_REUSEADDR failed");
        close(fd);
        return -1;
    }
    if (bind(fd, (const struct sockaddr *)me, sizeof(*me)) < 0)
    {
        error("in~ : no address");
        close(fd);
        return -1;
    }
    return fd;
}
