/* What is no C must not cost what is. */
int one(void)
{
	if (x) {
		socket(1, 2, 3);
	/* a brace is missing */
}

int two(void)
{
	foo((a, b;
	accept(1, 2, 3);
}

int three(void)
{
	char c = 'ab
	;
	s = "open
	;
	socket(1, 2, 3);
	else
		bar();
	return
}

int four(void) { @ socket(1, 2, 3); ` }
int five(void) { x = ; y = (; z = [; socket(1,2,3); }
int six(void) { M(a, <, b); N(int, char *); for (;;) } 
int seven(void) { return accept(1, 2, 3); }
