int set_keepalive(int fd, int on);
int set_int(int fd, int level, int option, int value);
void set_options(int fd);
