#ifndef SYSDEPS_H
#define SYSDEPS_H

#include <stdio.h>
#if WINDOWS
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <sys/types.h>
#include <sys/socket.h>
#include <netdb.h>
#endif

#endif
