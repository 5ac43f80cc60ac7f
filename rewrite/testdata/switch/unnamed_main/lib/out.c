#include <stdio.h>

void out(void)
{
	puts("out");
}
