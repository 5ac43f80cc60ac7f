int sock_opt(int sd, int name, int value);
int dial(const struct sockaddr *to, int len);
