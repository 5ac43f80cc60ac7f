#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

int movefd(int fd);
void warn(const char *what);

/**/
static int
opendata(struct sockaddr_in *at)
{
    return at->sin_port;
}

/*
 * Wait for the other end, and
 * give what it is connected with.
 */

/**/
static int
getdata(int sock)
{
    int newfd;

    newfd = movefd(accept(sock, NULL, NULL));
    if (newfd < 0)
	warn("unable to accept data");
    close(sock);
    return newfd;
}

/**/
int
data(int sock, struct sockaddr_in *at)
{
    return opendata(at) ? getdata(sock) : -1;
}
