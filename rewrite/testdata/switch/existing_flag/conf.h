#ifndef CONF_H
#define CONF_H

#define F_QUIET      1
#define F_KEEP_ALIVE 2
#define F_VERBOSE    4

struct conf {
	int flags;
};

extern struct conf conf;

#endif
