#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>
#include "say.h"

/* Each message begins with the name of the object, which this file is about: so does one
   that was taken from the other file, whose own name does not fit. */
int out_connect(const struct sockaddr_in *to)
{
    int fd;

    if (!to)
    {
        error("out~: no address");
        return -1;
    }

    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
    {
        error("out~: error while attempting to open socket");
        return -1;
    }

    if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
    {
        error("out~: connection failed");
        close(fd);
        return -1;
    }
    return fd;
}

/* The same, of a message of its own. */
int out_again(const struct sockaddr_in *to)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
    {
        post("out~: internal error while attempting to open socket");
        return -1;
    }

    if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
    {
        post("out~ : connection failed");
        close(fd);
        return -1;
    }
    return fd;
}
