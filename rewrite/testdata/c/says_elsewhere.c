/* Functions that have no message to follow: one that ends the program only, one
 * whose creation has no branch for its failure, one that passes failures on without
 * a word. */
#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void log_msg(int level, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    if (level < 3)
        vfprintf(stderr, fmt, ap);
    va_end(ap);
}

static void err_msg(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

int greet(int sd, const char *ip)
{
    if (write(sd, "hello\n", 6) < 0) {
        log_msg(0, "Error writing to %s: %s", ip, strerror(errno));
        return -1;
    }
    return 0;
}

int serve(int ld)
{
    int sd;

    while ((sd = accept(ld, NULL, NULL)) < 0) {
        if (errno == EINTR)
            continue;
        err_msg("accept() failed");
    }
    if (greet(sd, "somebody") < 0)
        err_msg("no greeting");
    return sd;
}

int reach(struct addrinfo *ai, const char *host)
{
    int s;

    for (; ai != NULL; ai = ai->ai_next) {
        s = socket(ai->ai_family, SOCK_STREAM, 0);
        if (s != -1) {
            if (connect(s, ai->ai_addr, ai->ai_addrlen) == 0)
                return s;
            close(s);
        }
    }
    log_msg(0, "Unable to reach %s", host);
    return -1;
}

int silent(struct addrinfo *ai)
{
    int s = socket(ai->ai_family, SOCK_STREAM, 0);

    if (s < 0)
        return -1;
    if (connect(s, ai->ai_addr, ai->ai_addrlen) < 0) {
        log_msg(0, "Unable to connect: %s", strerror(errno));
        close(s);
        return -1;
    }
    return s;
}

int listening(struct addrinfo *ai)
{
    const int on = 1;
    int ld = socket(ai->ai_family, SOCK_STREAM, 0);

    if (ld < 0)
        err_msg("socket() failed");
    if (setsockopt(ld, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
        err_msg("setsockopt() failed");
    if (bind(ld, ai->ai_addr, ai->ai_addrlen) < 0 || listen(ld, 5) < 0)
        err_msg("listen() failed");
    return serve(ld);
}
