#include "net.h"

int plug_start(void);

int plug_start(void)
{
	return run();
}
