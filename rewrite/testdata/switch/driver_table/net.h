struct driver {
	const char *name;
	int (*start)(void);
};
