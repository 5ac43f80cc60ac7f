#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <getopt.h>
#include "net.h"

static const char	*help_message[] = {
	"Get a value.",
	"",
	"Options:",
	"  -s --host host-name        Specify the host",
	"",
	"  -k --key item-key          Specify the key of the item",
	"",
	"  -h --help                  Display this help message",
	"",
	"TLS options:",
	"  --tls-connect value        How to connect",
	NULL
};

static struct option	longopts[] =
{
	{"host",		1,	NULL,	's'},
	{"key",			1,	NULL,	'k'},
	{"help",		0,	NULL,	'h'},
	{"tls-connect",		1,	NULL,	'1'},
	{NULL,			0,	NULL,	0}
};

static char	shortopts[] = "s:k:h";

static void	usage(void)
{
	fprintf(stderr, "usage: get [-h] [-s host] -k key\n");
}

int	main(int argc, char **argv)
{
	char		ch;
	int		i;
	const char	*key = "none";
	unsigned short	opt_count[256] = {0};

	while ((char)EOF != (ch = (char)getopt_long(argc, argv, shortopts, longopts, NULL)))
	{
		opt_count[(unsigned char)ch]++;

		switch (ch)
		{
			case 'k':
				key = optarg;
				break;
			case 's':
				break;
			case 'h':
				for (i = 0; NULL != help_message[i]; i++)
					puts(help_message[i]);
				exit(EXIT_SUCCESS);
				break;
			case '1':
				puts(optarg);
				break;
			default:
				usage();
				exit(EXIT_FAILURE);
				break;
		}
	}

	for (i = 0; NULL != longopts[i].name; i++)
	{
		ch = (char)longopts[i].val;

		if (1 < opt_count[(unsigned char)ch])
		{
			if (NULL == strchr(shortopts, ch))
				fprintf(stderr, "option \"--%s\" specified multiple times\n", longopts[i].name);
			else
				fprintf(stderr, "option \"-%c\" or \"--%s\" specified multiple times\n", ch, longopts[i].name);

			exit(EXIT_FAILURE);
		}
	}
	printf("key %s\n", key);
	return run();
}
