#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

void greet( int fd, const char *text );

int init_socket( int port )
{
    struct sockaddr_in at;
    int x = 1, fd;

    if ( ( fd = socket( AF_INET, SOCK_STREAM, 0 ) ) < 0 )
    {
	perror( "Init_socket: socket" );
	return -1;
    }

    if ( setsockopt( fd, SOL_SOCKET, SO_REUSEADDR, (char *) &x, sizeof(x) ) < 0 )
	perror( "Init_socket: SO_REUSEADDR" );

    memset( &at, 0, sizeof(at) );
    at.sin_family = AF_INET;
    at.sin_port = htons( port );
    if ( bind( fd, (struct sockaddr *) &at, sizeof(at) ) < 0 || listen( fd, 3 ) < 0 )
    {
	perror( "Init_socket: bind" );
	close( fd );
	return -1;
    }
    return fd;
}

void init_descriptor( int control )
{
    struct sockaddr_in from;
    socklen_t size = sizeof(from);
    int desc;

    if ( ( desc = accept( control, (struct sockaddr *) &from, &size ) ) < 0 )
    {
	perror( "New_descriptor: accept" );
	return;
    }

    if ( fcntl( desc, F_SETFL, O_NONBLOCK ) == -1 )
    {
	perror( "New_descriptor: fcntl: O_NONBLOCK" );
	return;
    }
    greet( desc, "Welcome: who are you?" );
}

void run( int port )
{
    int control = init_socket( port );

    while ( control >= 0 )
	init_descriptor( control );
}
