#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void talk(int fd);

static void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static void set_option(int fd, int name)
{
    int one = 1;

    if (setsockopt(fd, SOL_SOCKET, name, &one, sizeof(one)) < 0)
        die("setsockopt");
}

int bind_to(const struct sockaddr_in *at)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        die("socket");
    set_option(fd, SO_REUSEADDR);
    if (bind(fd, (const struct sockaddr *)at, sizeof(*at)) < 0 || listen(fd, 5) < 0)
        die("bind");
    return fd;
}

void serve_once(int lfd)
{
    int fd = accept(lfd, NULL, NULL);

    if (fd < 0)
        die("accept");
    talk(fd);
    close(fd);
}

void serve(int lfd)
{
    for (;;) {
        int fd = accept(lfd, NULL, NULL);

        if (fd < 0)
            continue;
        talk(fd);
        close(fd);
    }
}

int dial(const struct sockaddr_in *at)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)at, sizeof(*at)) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}
