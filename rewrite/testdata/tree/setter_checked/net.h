#ifndef NET_H
#define NET_H

/* Probes idle peers. -1 with errno set when the system refuses. */
int net_probe_idle(int sock);

#endif
