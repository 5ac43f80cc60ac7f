void common_options(void);
