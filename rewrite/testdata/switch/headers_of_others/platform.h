#ifndef PLATFORM_H
#define PLATFORM_H

#include <sys/types.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <unistd.h>

#if defined(FREEBSD) || defined(SOLARIS)
#include <netinet/in.h>
#endif

#endif
