#ifndef NET_H
#define NET_H

extern int net_verbose;

int run(void);

#endif
