#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct peer
{
    int sd;
    int why;
};

extern void peer_note(struct peer *p, const char *step, int code);

/* Connects in the background. */
int peer_open(struct peer *p, const struct sockaddr_in *at)
{
    if ((p->sd = socket(PF_INET, SOCK_STREAM, 0)) < 0)
    {
        peer_note(p, "socket", errno);
        return -1;
    }

    if (fcntl(p->sd, F_SETFL, O_NONBLOCK) < 0)
    {
        peer_note(p, "fcntl", errno);
        goto drop;
    }

    if (connect(p->sd, (const struct sockaddr *)at, sizeof(*at)) < 0 && errno != EINPROGRESS)
    {
        peer_note(p, "connect", errno);
        goto drop;
    }

    return 0;

drop:
    close(p->sd);
    p->sd = -1;
    return -1;
}
