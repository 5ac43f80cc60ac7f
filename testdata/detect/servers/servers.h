struct server {
	int listen_fd;
};
extern int far_fd;
void start(struct server *s);
void open_far(void);
