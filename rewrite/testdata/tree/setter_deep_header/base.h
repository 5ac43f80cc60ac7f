#ifndef BASE_H
#define BASE_H

#define BASE_VERSION 3

/* on: 0 or 1 */
extern void switch_option(int level, int name, int s, int on);

#endif
