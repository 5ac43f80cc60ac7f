#include <stdio.h>
#include <stdlib.h>
#include "net.h"

int main(void)
{
	if (getenv("WORD") != NULL)
		puts("two");
	return run();
}
