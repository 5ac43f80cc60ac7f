#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/socket.h>

static int player;

/* a statement alone */
int wait_for_player(int listener)
{
    player = -1;
    while (player < 0)
        player = accept(listener, NULL, NULL);

    return 0;
}

/* a check that goes on where the call was interrupted */
int wait_for_peer(int listener)
{
    int fd = -1;

    while (fd < 0) {
        fd = accept(listener, NULL, NULL);
        if (fd < 0 && errno != EINTR) {
            perror("accept");
            return -1;
        }
    }
    close(listener);
    return fd;
}

/* a break may leave it with a bad one */
int wait_a_while(int listener, int tries)
{
    int fd = -1;

    while (fd < 0) {
        if (tries-- == 0)
            break;
        fd = accept(listener, NULL, NULL);
    }
    return fd;
}
