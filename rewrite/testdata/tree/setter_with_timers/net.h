#define WHY_LEN 128

int net_keepalive_every(char *why, int fd, int interval);
int net_keepalive(char *why, int fd);
int net_accept(char *why, int lfd);
int net_listen(char *why, int port);
