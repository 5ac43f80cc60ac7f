/* What a program under harness.c calls instead of the socket interface. */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int input_at(int n, int index);
int m_socket(const char *file, int line, int family, int type);
int m_accept(const char *file, int line, int fd);
int m_connect(int fd);
int m_bind(int fd);
int m_listen(int fd);
int m_close(int fd);
int m_dup(int fd);
int m_write(int fd);
int m_setsockopt(const char *file, int line, int fd, int level, int name, const void *value);
int m_getaddrinfo(const struct addrinfo *hints, struct addrinfo **res);
#define socket(a, b, c) m_socket(__FILE__, __LINE__, a, b)
#define accept(a, b, c) m_accept(__FILE__, __LINE__, a)
#define accept4(a, b, c, d) m_accept(__FILE__, __LINE__, a)
#define connect(a, b, c) m_connect(a)
#define bind(a, b, c) m_bind(a)
#define listen(a, b) m_listen(a)
#define close(a) m_close(a)
#define dup(a) m_dup(a)
#define write(a, b, c) m_write(a)
#define setsockopt(a, b, c, d, e) m_setsockopt(__FILE__, __LINE__, a, b, c, d)
#define getaddrinfo(a, b, c, d) m_getaddrinfo(c, d)
#define freeaddrinfo(a) ((void)(a))
