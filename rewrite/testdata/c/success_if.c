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
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd != -1)
    {
        char greeting[8];

        if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 && read(fd, greeting, sizeof(greeting)) > 0)
        {
            return fd;
        }
        close(fd);
    }
    return -1;
}
