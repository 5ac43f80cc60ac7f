#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fatal(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

/* The variable comes with the option behind the next step. */
int dial(const struct sockaddr_in *sa)
{
    int fd = socket(PF_INET, SOCK_STREAM, 0);
    if(fd == -1)
        fatal("Failed to create TCP socket");
    if(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL, 0) | O_NONBLOCK) == -1)
        fatal("Failed to set O_NONBLOCK on TCP socket");

    // May help with the choice of a port.
    int opt_one = 1;
    if(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &opt_one, sizeof(int)))
        fprintf(stderr, "Failed to set SO_REUSEADDR: %s\n", strerror(errno));

    if(connect(fd, (const struct sockaddr *)sa, sizeof(*sa)) == -1 && errno != EINPROGRESS) {
        close(fd);
        return -1;
    }
    return fd;
}
