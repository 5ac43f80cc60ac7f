#include "globals.h"

void show(void);
