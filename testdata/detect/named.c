/* A file whose name says Windows, and whose text that it is built elsewhere too. */
#include "named/net_win.h"

int main(void)
{
	return dial();
}
