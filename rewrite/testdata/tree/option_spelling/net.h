#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

/* One name for each system's own. */
#define NET_socket socket
#define NET_connect connect
#define NET_close close
#define NET_setsockopt setsockopt

int net_dial(const struct sockaddr_in *sin);
int net_dial_fast(const struct sockaddr_in *sin);
