#ifndef GLOBALS_H
#define GLOBALS_H

extern int verbose;
extern const char *nick;

int run(void);

#endif
