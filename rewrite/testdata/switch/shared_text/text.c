#include <stdio.h>
#include "text.h"

void common_options(void)
{
	printf("  -h  this text\n");
	printf("  -q  say less\n");
	printf("  -v  say more\n");
}
