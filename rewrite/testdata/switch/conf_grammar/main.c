#include <stdio.h>
#include "net.h"

extern FILE *yyin;
int yyparse(void);

static int load_config(const char *path)
{
	yyin = fopen(path, "r");
	return yyin == NULL ? -1 : yyparse();
}

int main(int argc, char **argv)
{
	if (argc > 1 && load_config(argv[1]) < 0)
		return 1;
	return run();
}
