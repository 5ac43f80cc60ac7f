#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int tune(int fd)
{
    int err, yes = 1;

    err = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (err)
        fprintf(stderr, "setsockopt(SO_REUSEADDR): %s\n", strerror(errno));
    return err;
}
