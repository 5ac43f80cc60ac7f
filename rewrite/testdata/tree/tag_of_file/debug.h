void debug_info(const char *part, const char *text, ...);
void debug_warning(const char *part, const char *text, ...);
