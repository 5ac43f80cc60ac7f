int xsocket(int family, int type);
void report(const char *what);
