extern int debuglevel;

struct command {
	const char *name;
	int (*run)(int s, int parc, char *parv[]);
};

extern struct command commands[];
int serve(void);
