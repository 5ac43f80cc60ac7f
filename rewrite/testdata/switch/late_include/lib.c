#include "net.h"

int start(void);

int start(void)
{
	return run();
}
