#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int dial(struct sockaddr_in *sa)
{
    int fd;
    if ((fd = socket(PF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP)) == -1)
        return -1;
    if (connect(fd, (struct sockaddr *) sa, sizeof *sa) == -1) {
        close(fd);
        return -1;
    }
    return fd;
}
