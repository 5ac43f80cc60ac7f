#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct ident { int fd; };

struct ident *ask(const struct sockaddr_in *at, int slow)
{
    const int on = 1;
    struct linger linger;
    struct ident *id = malloc(sizeof(*id));

    if (id == NULL)
        return NULL;
    if ((id->fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
        free(id);
        return NULL;
    }
    if (slow)
        fcntl(id->fd, F_SETFL, O_NONBLOCK);
    linger.l_onoff = 0;
    linger.l_linger = 0;
    setsockopt(id->fd, SOL_SOCKET, SO_LINGER, (void *)&linger, sizeof(linger));
    setsockopt(id->fd, SOL_SOCKET, SO_REUSEADDR, (void *)&on, sizeof(on));
    if (connect(id->fd, (const struct sockaddr *)at, sizeof(*at)) < 0) {
        close(id->fd);
        free(id);
        return NULL;
    }
    return id;
}
