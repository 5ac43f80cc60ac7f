#include <stdbool.h>

bool parse_args(int argc, char **argv);
