#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
dial( struct sockaddr_in* sa )
    {
    int fd;
    int r;

    fd = socket( AF_INET, SOCK_STREAM, 0 );
    if ( fd < 0 )
	{
	perror( "socket" );
	return -1;
	}

    r = 1;
    if ( setsockopt( fd, SOL_SOCKET, SO_OOBINLINE, (void*) &r, sizeof(r) ) < 0 )
	{
	perror( "setsockopt SO_OOBINLINE" );
	}

    r = connect( fd, (struct sockaddr*) sa, sizeof(*sa) );
    if ( r < 0 )
	{
	close( fd );
	return -1;
	}
    return fd;
    }
