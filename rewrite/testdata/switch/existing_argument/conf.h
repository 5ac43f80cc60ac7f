#ifndef CONF_H
#define CONF_H

struct conf {
	int quiet;
	int keep_alive;
	int verbose;
};

extern struct conf conf;

struct peer {
	int fd;
	int keep_alive;
};

int dial(struct sockaddr_in *sa, struct peer *to);

#endif
