extern int verbose;
extern const char *nick;

int run(void);
