int again(void);
