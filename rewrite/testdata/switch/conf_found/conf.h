struct settings {
	int verbose;
	int follow;
	int depth;
	char banner[64];
};

int conf_read(const char *path);
const char *conf_get(const char *name);
int conf_find_int(const char *name, int *out);
int yesno(const char *name, const char *value);
