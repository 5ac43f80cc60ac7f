#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static const char *usage = "[-q] [-n] [-p PORT] NAME";

int main(int argc, char *argv[])
{
    int i;

    if (argc < 2) {
        fprintf(stderr, "usage: %s %s\n", argv[0], usage);
        exit(2);
    }
    if (strcmp(argv[1], "-h") == 0) {
        printf("usage: %s %s\n", argv[0], usage);
        return 0;
    }
    while (*argv[1] == '-') {
        if (strcmp(argv[1], "-q") == 0) {
            puts("quiet");
            for (i = 2; i <= argc; i++)
                argv[i - 1] = argv[i];
            argc--;
            continue;
        }

        if (strcmp(argv[1], "-p") == 0) {
            if (argc < 4) {
                fprintf(stderr, "-p wants a port\n");
                exit(3);
            }
            for (i = 3; i <= argc; i++)
                argv[i - 2] = argv[i];
            argc -= 2;
            continue;
        }

        fprintf(stderr, "invalid parameter: %s\n", argv[1]);
        exit(3);
    }
    printf("name %s of %d\n", argv[1], argc);
    return run();
}
