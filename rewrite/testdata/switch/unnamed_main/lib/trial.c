#include <stdio.h>

void out(void);
int run(void);

int main(void)
{
	out();
	return run();
}
