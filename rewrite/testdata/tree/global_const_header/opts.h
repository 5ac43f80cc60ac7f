#ifndef OPTS_H
#define OPTS_H

extern const int enabled;	/* what switched options are given */

#endif
