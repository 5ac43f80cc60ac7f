#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

#define LOG(...) do { printf(__VA_ARGS__); printf("\n"); } while (0)

struct feed {
    const char *name;
    int id, sock;
};

const char *who = "feed";
int debug;

void serve(struct feed *f, int fd);
int set_nonblock(int fd);
void say(int level, const char *fmt, ...);

/* the name of the function behind a word for the kind of failure */
int take_child(int listener, struct feed *f)
{
    int fd;

    if ((fd = accept(listener, NULL, NULL)) < 0) {
        syslog(LOG_ERR, "Syserror: take_child accept: %m");
        return 0;
    }
    if (set_nonblock(fd) < 0) {
        syslog(LOG_ERR, "Syserror: take_child fcntl: %m");
        close(fd);
        return 0;
    }
    serve(f, fd);
    return 1;
}

/* the function by an argument, without a colon */
int take_client(int listener, struct feed *f)
{
    int fd = accept(listener, NULL, NULL);

    if (fd == -1) {
        say(1, "%s accept socket failed", __FUNCTION__);
        return -1;
    }
    serve(f, fd);
    return 0;
}

/* an object's name in brackets behind that of its kind */
int take_feed(int listener, struct feed *f)
{
    int fd = accept(listener, NULL, NULL);

    if (fd == -1) {
        say(1, "FEED[%s]: take_feed: accept() failed: %s", f->name, strerror(errno));
        return -1;
    }
    serve(f, fd);
    return 0;
}

/* its number */
int take_number(int listener, struct feed *f)
{
    f->sock = accept(listener, NULL, NULL);
    if (f->sock < 0) {
        say(1, "client %d: accept err: %s", f->id, strerror(errno));
        return -1;
    }
    serve(f, f->sock);
    return 0;
}

/* a variable and the rest of the function's name */
int feedConnect(struct sockaddr_in *to)
{
    int s;

    if ((s = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
        if (debug > 1) {
            fprintf(stderr, "%sConnect: socket error, %s\n", who, strerror(errno));
        }
        return -1;
    }
    if (connect(s, (struct sockaddr *) to, sizeof *to) < 0) {
        if (debug > 1) {
            fprintf(stderr, "%sConnect: connect error, %s\n", who, strerror(errno));
        }
        close(s);
        return -1;
    }
    return s;
}

/* a word for the level with a dash */
int open_feed(struct sockaddr_in *to)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0) {
        LOG("ERROR - socket() failed: %s", strerror(errno));
        return -1;
    }
    if (connect(fd, (struct sockaddr *) to, sizeof *to) < 0) {
        LOG("ERROR - connect() failed: %s", strerror(errno));
        close(fd);
        return -1;
    }
    return fd;
}
