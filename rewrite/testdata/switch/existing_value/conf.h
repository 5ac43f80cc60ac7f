#ifndef CONF_H
#define CONF_H

struct conf {
	int quiet;
	int keep_alive;
	int verbose;
};

extern struct conf conf;

#endif
