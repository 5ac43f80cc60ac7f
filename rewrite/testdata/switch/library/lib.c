#include "net.h"

int start(void)
{
	return run();
}
