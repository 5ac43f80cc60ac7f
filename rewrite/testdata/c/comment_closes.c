#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int reach (const struct sockaddr_in *at)
{
int                fd;                  /* Descriptor                */
int                rc;                  /* Return code               */
int                retries = 10;        /* Number of retries         */

    do {
        fd = socket (AF_INET, SOCK_STREAM, 0);
        if (fd < 0)
        {
            perror ("socket");
            return -1;
        }
        rc = connect (fd, (const struct sockaddr *)at, sizeof(*at));
        if (rc < 0) close (fd);
    } while (rc < 0 && --retries > 0);
    return rc < 0 ? -1 : fd;
}
