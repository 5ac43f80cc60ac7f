#include "lib.h"

int main(void)
{
	return take(0) < 0;
}
