#include <stdio.h>
#include <stdlib.h>
#include "net.h"

static void die_usage(const char *prog) {
    fprintf(stderr,
            "Usage: %s [options]\n"
            "    -a ADDR    bind to ADDR\n"
            "    -q         be quiet\n"
            "    -t SECS    time out\n",
            prog);
    exit(9);
}

int main(int argc, char **argv) {
    int i, timeout = 0, quiet = 0;

    for (i = 1; i < argc && argv[i][0] == '-'; i++) {
        switch (argv[i][1]) {
            case 'a':
                if (++i >= argc) die_usage(argv[0]);
                break;
            case 'q': quiet = 1; break;
            case 't':
                timeout = atoi(&argv[i][2]);
                break;
            default:
                fprintf(stderr, "%s: unknown option %s\n", argv[0], argv[i]);
                die_usage(argv[0]);
        }
    }
    if (!quiet) printf("timeout %d\n", timeout);
    return run();
}
