#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct link {
    int sock;
    struct sockaddr_in peer;
};

static int debugging;

static void talk(struct link *l)
{
    char c;

    while (read(l->sock, &c, 1) == 1)
        putchar(c);
    close(l->sock);
}

/* One connection: in this process, or in one of its own. */
void next_link(int port, struct link *l)
{
    socklen_t n = sizeof(l->peer);

    l->sock = accept(port, (struct sockaddr *)&l->peer, &n);
    if (l->sock == -1) {
        perror("accept");
    } else if (debugging) {
        talk(l);
    } else {
        pid_t child = fork();

        if (child == 0) {
            close(port);
            talk(l);
            exit(0);
        }
        if (child == -1)
            perror("fork");
        close(l->sock);
    }
}

int open_port(const struct sockaddr_in *me)
{
    int s = socket(AF_INET, SOCK_STREAM, 0);

    if (s == -1)
        return -1;
    if (bind(s, (const struct sockaddr *)me, sizeof(*me)) == -1 || listen(s, 5) == -1) {
        close(s);
        return -1;
    }
    return s;
}
