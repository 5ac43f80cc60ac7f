#ifndef NET_H
#define NET_H

struct sockaddr_in;

/* Sockets that the loop knows: those that it made, and those given to it. */
int net_open(void);
void net_watch(int *fd);
void net_live(int fd);
int net_forget(int fd);
void complain(const char *what, const char *why);

#endif
