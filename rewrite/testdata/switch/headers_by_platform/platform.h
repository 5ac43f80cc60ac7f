#ifndef PLATFORM_H
#define PLATFORM_H

#if defined(WIN32)
#include <winsock2.h>
#endif

#if defined(ON_LINUX) || defined(MACOSX)
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>
#endif

#ifdef __ECOS
#include <network.h>
#include <netinet/in.h>
#endif

#endif
