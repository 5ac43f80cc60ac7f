#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define warn(format, ...) fprintf(stderr, "ERRNO: %s\n" format, strerror(errno), ##__VA_ARGS__)

int session(int lfd)
{
    int fd = accept(lfd, NULL, NULL);

    if (fd < 0) {
        warn("Accept fail.\n");
        return -1;
    }
    return fd;
}
