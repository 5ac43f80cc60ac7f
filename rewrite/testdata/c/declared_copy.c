#include <sys/types.h>
#include <sys/socket.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int start(int fd);

void next(int listener, int *error)
{
    int rc;

    rc = accept(listener, NULL, NULL);

    if (rc >= 0) {
        int const acceptedFd = rc;

        *error = start(acceptedFd);
        if (*error)
            close(acceptedFd);
    } else
        *error = errno;
}

void both(int listener)
{
    int rc;

    rc = accept(listener, NULL, NULL);
    if (rc >= 0) {
        int fd = rc;

        if (start(rc))
            close(fd);
    }
}
