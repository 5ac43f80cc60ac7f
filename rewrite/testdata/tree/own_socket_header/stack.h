#pragma once

#define SOL_SOCKET	-1
#define AF_INET		2
#define SOCK_STREAM	1
#define SO_REUSEADDR	0x0004
#define SO_NONBLOCK	0x1016

typedef unsigned int socklen_t;
struct sockaddr { unsigned short sa_family; char sa_data[14]; };
int socket(int domain, int type, int protocol);
int connect(int fd, const struct sockaddr *sa, socklen_t len);
int setsockopt(int fd, int level, int name, const void *val, socklen_t len);
int socketclose(int fd);
