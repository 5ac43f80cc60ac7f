enum args_kind { ARGS_END, ARGS_FLAG, ARGS_NUMBER, ARGS_TEXT };

struct args_option {
	enum args_kind kind;
	char letter;
	const char *name;
	void *value;
	const char *help;
};

#define OPT_BOOLEAN(c, n, v, h) { ARGS_FLAG, c, n, v, h }
#define OPT_INTEGER(c, n, v, h) { ARGS_NUMBER, c, n, v, h }
#define OPT_STRING(c, n, v, h) { ARGS_TEXT, c, n, v, h }
#define OPT_END() { ARGS_END, 0, NULL, NULL, NULL }

struct args {
	const struct args_option *options;
};

void args_init(struct args *self, const struct args_option *options);
int args_parse(struct args *self, int argc, const char **argv);
