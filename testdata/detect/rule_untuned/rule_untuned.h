int keepalive(int fd);
int timers(int fd, int idle);
int options(int fd);
