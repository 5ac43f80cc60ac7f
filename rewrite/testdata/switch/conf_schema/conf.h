struct settings {
	int verbose, follow, depth;
	char banner[32];
};

int conf_read(const char *path);
const char *conf_text(const char *section, const char *name, const char *unset);
int conf_bool(const char *section, const char *name, int unset);
int conf_get_int(const char *section, const char *name, int unset);
