#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static char* argv0;
static void usage( void );

int
main( int argc, char** argv )
    {
    int argn;
    int debug = 0;
    char* dir = (char*) 0;

    argv0 = argv[0];
    argn = 1;
    while ( argn < argc && argv[argn][0] == '-' )
	{
	if ( strcmp( argv[argn], "-V" ) == 0 )
	    {
	    (void) printf( "1.0\n" );
	    exit( 0 );
	    }
	else if ( strcmp( argv[argn], "-D" ) == 0 )
	    debug = 1;
	else if ( strcmp( argv[argn], "-d" ) == 0 && argn + 1 < argc )
	    {
	    ++argn;
	    dir = argv[argn];
	    }
	else
	    usage();
	++argn;
	}
    if ( debug )
	(void) printf( "%s: %s\n", argv0, dir ? dir : "none" );
    return run();
    }

static void
usage( void )
    {
    (void) fprintf( stderr, "usage:  %s [-D] [-d dir] [-V]\n", argv0 );
    exit( 3 );
    }
