/* g_error() ends the program: its words serve in a warning. A name in angle brackets leads them in. */
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <sys/socket.h>

void logger(int level, const char *msg, ...);

static gboolean event(int sock)
{
    int client;

    client = accept(sock, NULL, NULL);
    if (client == -1)
        g_error("Can't accept connection: %s", g_strerror(errno));
    return serve(client);
}

static int dial(const struct conn *conn, const struct sockaddr_in *to)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd == -1) {
        logger(4, "<%s> Failed to open socket: %m", conn->name);
        return -1;
    }
    return connect(fd, (const struct sockaddr *)to, sizeof(*to));
}
