/* Tables whose rows stand without braces. */
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>

static struct {
	const char *name;
	int family, kind;
} protos[] = {
	"udp", AF_INET, SOCK_DGRAM,
	"udp6", AF_INET6, SOCK_DGRAM,
	"local", AF_UNIX, SOCK_STREAM,
	NULL,
};

struct kind {
	int family, type;
};

static const struct kind kinds[] = { AF_INET, SOCK_STREAM, AF_UNIX, SOCK_DGRAM };

static int never(const char *name)
{
	int i;

	for (i = 0; protos[i].name; i++)
		if (!strcmp(protos[i].name, name))
			return socket(protos[i].family, protos[i].kind, 0); /* want: not-tcp */
	return -1;
}

static int some(int i)
{
	return socket(kinds[i].family, kinds[i].type, 0); /* want: missing maybe-tcp */
}

int main(int argc, char **argv)
{
	return never(argv[0]) + some(argc);
}
