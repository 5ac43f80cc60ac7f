int dial(void);
