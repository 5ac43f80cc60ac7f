#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "net.h"

#define EXIT_USAGE 2

static const struct option longopts[] = {
    { "foreground", no_argument,       NULL, 'f' },
    { "help",       no_argument,       NULL, 'h' },
    { "pid-file",   required_argument, NULL, 'p' },
#ifdef WITH_TLS
    { "tls",        no_argument,       NULL, 'k' },
#endif
    { "version",    no_argument,       NULL, 'V' },
    { NULL,         0,                 NULL, 0   }
};

static void
help (FILE *to)
{
    fprintf (to, "Usage: demo [OPTION]...\n");
    fprintf (to, "\n");
    fprintf (to, "  -f, --foreground      Stay in the foreground.\n");
    fprintf (to, "  -h, --help            Show this help.\n");
    fprintf (to, "  -p, --pid-file=FILE   Write the process id to FILE.\n");
    fprintf (to, "  -V, --version         Show the version.\n");
}

static int
options (int argc, char **argv)
{
    int c;

    for (;;)
    {
        c = getopt_long (argc, argv, "fhp:V", longopts, NULL);
        if (c == -1)
            break;
        switch (c)
        {
        case 'f':
            break;

        case 'h':
            help (stdout);
            return 1;

        case 'p':
            if (strlen (optarg) == 0)
            {
                fprintf (stderr, "demo: empty name\n");
                return -EXIT_USAGE;
            }
            break;

        case 'V':
            printf ("demo 1\n");
            return 1;

#ifdef WITH_TLS
        case 'k':
            break;
#endif

        case '?':
        default:
            help (stderr);
            return -EXIT_USAGE;
        }
    }
    return 0;
}

int
main (int argc, char **argv)
{
    int rc = options (argc, argv);

    if (rc < 0)
        return -rc;
    return rc > 0 ? 0 : run ();
}
