#include <netinet/in.h>
#include <unistd.h>

#ifndef SOL_SOCKET
#define SOL_SOCKET 1
#endif
#ifndef SO_REUSEADDR
#define SO_REUSEADDR 2
#endif
#ifdef OLD_STACK
#define SO_ERROR 4
#endif
