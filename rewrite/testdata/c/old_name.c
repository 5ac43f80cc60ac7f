/* A function whose messages have its old name. */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int init_socket(const struct sockaddr_in *sin)
{
    int x = 1, fd;

    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
    {
        perror("Init_socket: socket");
        return -1;
    }
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, (char *) &x, sizeof(x)) < 0)
    {
        perror("Init_socket: SO_REUSEADDR");
        close(fd);
        return -1;
    }
    if (bind(fd, (const struct sockaddr *)sin, sizeof(*sin)) < 0 || listen(fd, 3) < 0)
    {
        close(fd);
        return -1;
    }
    return fd;
}

int init_descriptor(int control)
{
    int desc;

    if ((desc = accept(control, NULL, NULL)) < 0)
    {
        perror("New_descriptor: accept");
        return -1;
    }
    if (fcntl(desc, F_SETFL, O_NONBLOCK) == -1)
    {
        perror("New_descriptor: fcntl");
        close(desc);
        return -1;
    }
    return desc;
}
