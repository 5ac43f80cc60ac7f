extern int log_all;
extern int foreground;
extern int max_peers;
extern char banner[64];

int read_config(const char *path);
