#include <sys/socket.h>
int ask(struct sockaddr_storage *ss, socklen_t len);
void report(int fd);
