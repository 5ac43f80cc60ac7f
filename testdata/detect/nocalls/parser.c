/* A parser's accept() is none of the system's. */
static int token;

static int accept(int wanted)
{
	if (token != wanted)
		return 0;
	token++;
	return 1;
}

int parse(void)
{
	return accept('(') && accept(')');
}
