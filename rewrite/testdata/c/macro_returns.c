/* A macro that tells and leaves: nobody goes on behind it. */
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static bool failed;

#define FAIL(m)                     \
    {                               \
        printf("@@ %s @@\n", (m));  \
        failed = true;              \
        return;                     \
    }

#define STOP(m) do { fprintf(stderr, "%s\n", m); goto out; } while (0)

#define NOTE(m) do { fprintf(stderr, "%s\n", m); } while (0)

static int ready(int fd)
{
    int yes = 1;

    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == -1)
        return 0;
    return 1;
}

/* In a condition. */
void serve(int lfd)
{
    int fd = -1;

    if (((fd = accept(lfd, NULL, NULL)) == -1) || !ready(fd))
        failed = true;
    if (!failed)
        write(fd, "y", 1);
    if (failed)
        FAIL("Unable to serve");
}

/* Its check leaves by it. */
void dial(const struct sockaddr_in *sin)
{
    int fd;

    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        FAIL("Unable to make a socket");
    if (connect(fd, (const struct sockaddr *)sin, sizeof(*sin)) < 0)
        FAIL("Unable to connect");
    write(fd, "", 1);
    close(fd);
}

int next(int lfd)
{
    int fd = accept(lfd, NULL, NULL);

    if (fd < 0)
        STOP("Unable to accept");
    if (write(fd, "x", 1) < 0)
        NOTE("Unable to write");
    return fd;
out:
    return -1;
}
