#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdbool.h>
#include "net.h"

#define MAX_PARMS 16
#define streq(x, y) (!strcmp((x), (y)))
#define ALLOWED(mask) { if (!allowed(mask)) { goto err; } }

#define GENERAL 1
#define ROUTE   2
#define M_USAGE 4

static const char usage_message[] =
    "vpn\n"
    "General options:\n"
    "--config file   : Read configuration options from file.\n"
    "--help          : Show options.\n"
    "Tunnel options:\n"
    "--local host    : Local host name.\n"
    "--port port     : Port to use.\n"
    "--remote host [port] : Remote host name. See the manual\n"
    "                  for more of them.\n"
    "--keepalive n m : Send ping every n seconds, restart if none\n"
    "                  is received for m seconds.\n"
    "--verb n        : Set verbosity.\n";

static const char *local = "none", *port = "1194";
static int verb, ping;

static void usage(void)
{
    printf("%s", usage_message);
    exit(2);
}

static bool allowed(unsigned mask)
{
    return mask < 8;
}

static void msg(int level, const char *text, const char *arg)
{
    fprintf(stderr, "Options error: ");
    fprintf(stderr, text, arg);
    fprintf(stderr, "\nUse --help for more information.\n");
    if (level & M_USAGE)
    {
        exit(1);
    }
}

static void add_option(char *p[], int msglevel)
{
    if (streq(p[0], "help"))
    {
        ALLOWED(GENERAL);
        usage();
    }
    if (streq(p[0], "version") && !p[1])
    {
        ALLOWED(GENERAL);
        puts("1.0");
        exit(0);
    }
    else if (streq(p[0], "local") && p[1] && !p[2])
    {
        ALLOWED(GENERAL);
        local = p[1];
    }
    else if (streq(p[0], "port") && p[1] && !p[2])
    {
        ALLOWED(GENERAL);
        port = p[1];
    }
    else if (streq(p[0], "remote") && p[1] && !p[3])
    {
        ALLOWED(ROUTE);
        if (p[2])
        {
            port = p[2];
        }
    }
    else if (streq(p[0], "keepalive") && p[1] && p[2] && !p[3])
    {
        ALLOWED(GENERAL);
        ping = atoi(p[1]);
    }
    else if (streq(p[0], "verb") && p[1] && !p[2])
    {
        ALLOWED(GENERAL);
        verb = atoi(p[1]);
        if (verb < 0 || verb > 9)
        {
            msg(msglevel, "--verb parameter \"%s\" must be between 0 and 9", p[1]);
            goto err;
        }
    }
    else
    {
        int i;

        for (i = 0; p[i]; i++)
        {
            ping += 0;
        }
        msg(msglevel, "Unrecognized option or missing or extra parameter(s): --%s", p[0]);
    }
err:
    return;
}

static void parse_argv(int argc, char *argv[])
{
    for (int i = 1; i < argc; ++i)
    {
        char *p[MAX_PARMS + 1] = { NULL };
        int j;

        p[0] = argv[i];
        if (strncmp(p[0], "--", 2))
        {
            msg(M_USAGE, "I don't see a leading '--' in %s", p[0]);
        }
        else
        {
            p[0] += 2;
        }
        for (j = 1; j < MAX_PARMS && i + j < argc && strncmp(argv[i + j], "--", 2); ++j)
        {
            p[j] = argv[i + j];
        }
        add_option(p, M_USAGE);
        i += j - 1;
    }
}

int main(int argc, char *argv[])
{
    parse_argv(argc, argv);
    if (verb)
    {
        printf("local %s port %s ping %d\n", local, port, ping);
    }
    return run();
}
