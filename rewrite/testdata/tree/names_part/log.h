void Log(int level, const char *fmt, ...);
void serve(int fd);
int server(int port);
int call(struct sockaddr_in *to);
