#include <netinet/in.h>

int ssl_dial(const struct sockaddr_in *to);
