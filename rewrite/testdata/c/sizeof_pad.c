#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

/* Blanks inside of the parentheses of sizeof as inside of others. */
int dial( struct sockaddr_in* to )
{
    int fd;

    memset( to->sin_zero, 0, sizeof( to->sin_zero ) );
    fd = socket( AF_INET, SOCK_STREAM, 0 );
    if ( fd == -1 )
        return -1;

    if ( connect( fd, ( struct sockaddr* )to, sizeof( struct sockaddr_in ) ) == -1 )
    {
        close( fd );
        return -1;
    }
    return fd;
}
