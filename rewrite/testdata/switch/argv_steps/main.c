#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

int main(int argc, char *argv[])
{
    int debug = 0;

    argc--, argv++;
    if (argc > 0 && !strcmp(*argv, "-d")) {
        debug = 1;
        argc--, argv++;
    }
    if (argc > 0) {
        fprintf(stderr, "steps: %s: bad port\n", *argv);
        exit(2);
    }
    if (debug)
        puts("debug");
    return run();
}
