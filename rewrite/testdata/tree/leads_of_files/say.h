void error(const char *fmt, ...);
void post(const char *fmt, ...);
