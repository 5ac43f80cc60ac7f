int config_read(const char *path);
const char *config_text(const char *name, const char *unset);
int config_bool(const char *name, int unset);
const char *config_value(const char *name);
