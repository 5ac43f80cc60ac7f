#ifndef ALL_H
#define ALL_H

#include "base.h"

struct job {
	int id;
	int conn;
};

#endif
