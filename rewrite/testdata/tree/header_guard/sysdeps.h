#ifndef SYSDEPS_H
#define SYSDEPS_H

#include <stdio.h>
#include <netdb.h>
#ifdef HAVE_SYS_SOCKET_H
#include <sys/socket.h>
#endif
#ifdef HAVE_NETINET_IN_H
#include <netinet/in.h>
#endif

#endif
