#include <stdio.h>
#include <string.h>
#include "net.h"

enum code { NONE, PORT, QUIET, VERSION };

static const struct {
    enum code   code;
    const char *name;
    int         args;
} table[] = {
    { PORT,    "--port",    1 },
    { QUIET,   "--quiet",   0 },
    { VERSION, "--version", 0 },
};

static enum code lookup(const char *word)
{
    unsigned i;

    for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (!strcmp(table[i].name, word))
            return table[i].code;
    return NONE;
}

static int parse(int argc, char **argv)
{
    int i, quiet = 0;
    const char *port = "0";

    for (i = 1; i < argc; i++) {
        switch (lookup(argv[i])) {
        case PORT:
            port = argv[++i];
            break;
        case QUIET:
            quiet = 1;
            break;
        case VERSION:
            puts("2.0");
            break;
        default:
            fprintf(stderr, "bad option %s\n", argv[i]);
            return -1;
        }
    }
    if (!quiet)
        printf("port %s\n", port);
    return 0;
}

int main(int argc, char **argv)
{
    if (parse(argc, argv) < 0)
        return 6;
    return run();
}
