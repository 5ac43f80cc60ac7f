#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>

struct peer {
    int sock;
};

extern struct peer *peer_new(int sock);
extern void peer_run(struct peer *p);

void on_readable(int lsock)
{
    int sock;

    while ((sock = accept(lsock, NULL, NULL)) >= 0) {
        struct peer *p = peer_new(sock);

        if (!p) {
            close(sock);
            continue;
        }
        peer_run(p);
    }
    if (errno != EAGAIN)
        perror("accept");
}
