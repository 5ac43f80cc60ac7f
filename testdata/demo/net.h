#ifndef NET_H
#define NET_H

#include <stddef.h>

/* Connects to a service over TCP. Returns the descriptor, or -1 after saying why. */
int tcp_connect(const char *host, const char *service);

/* Opens a TCP port for listening. Returns the descriptor, or -1 after saying why. */
int tcp_listen(const char *service);

/* Writes all of buf. Returns 0, or -1 with errno set. */
int write_all(int fd, const char *buf, size_t len);

#endif
