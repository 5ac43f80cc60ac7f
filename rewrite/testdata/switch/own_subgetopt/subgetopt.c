#include <stddef.h>
#define sgopt subgetopt
#define optarg subgetoptarg
#define optind subgetoptind
#define optdone subgetoptdone

extern int sgopt(int argc, char **argv, const char *opts);

int optind = 1;
int optdone = -1;
char *optarg;

static int pos;

int sgopt(int argc, char **argv, const char *opts)
{
	int c;

	optarg = NULL;
	if (optind >= argc || argv[optind][0] != '-' || argv[optind][1] == '\0')
		return optdone;
	if (pos == 0)
		pos = 1;
	c = argv[optind][pos++];
	for (; *opts != '\0'; opts++) {
		if (*opts != c || c == ':')
			continue;
		if (opts[1] == ':') {
			optarg = argv[optind][pos] != '\0' ? argv[optind] + pos : argv[++optind];
			optind++;
			pos = 0;
			return optarg != NULL ? c : '?';
		}
		break;
	}
	if (argv[optind][pos] == '\0') {
		optind++;
		pos = 0;
	}
	return *opts != '\0' ? c : '?';
}
