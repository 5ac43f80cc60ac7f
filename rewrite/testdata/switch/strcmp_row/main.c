#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static int parse_args(int argc, char **argv)
{
    int i = 1;

    while (i < argc) {
        if (!strcmp(argv[i], "-b")) {
            puts("background");
        }
        if (strcmp(argv[i], "-v") == 0 || strcmp(argv[i], "--version") == 0) {
            fprintf(stdout, "row 2\n");
            exit(0);
        }

        if (strcmp(argv[i], "-c") == 0) {
            if (i + 1 < argc) {
                i++;
            } else {
                return -1;
            }
        }
        i++;
    }
    return 0;
}

static void show_usage(void)
{
    printf("row 2\n\n");
    printf("usage: row [-b] -c FILE\n");
    printf("options:\n");
    printf("\t-c FILE\t\tSpecify the configuration\n");
    printf("\t-v\t\tDisplay version\n");
    printf("\t-b\t\tRun in the background\n");
    printf("\n");
}

int main(int argc, char **argv)
{
    if (parse_args(argc, argv) < 0) {
        show_usage();
        return 1;
    }
    return run();
}
