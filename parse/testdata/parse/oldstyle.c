/* K&R definitions, and what looks like them. */
int
old(fd, name, f)
	int fd;
	register char *name;
	int (*f)();
{
	return socket(fd, 1, 0);
}

main(argc, argv)
int argc; char **argv;
{
	return 0;
}

noparams() { return accept(0, 0, 0); }

static void modern(int a, char *b);
typedef int (*fn)(int);
extern int var;
int after(void) { return var; }
struct s { int x; } v = { 1 };
int (*pick(int which))(int) { return 0; }
