package rules

var ka102 = Rule{
	ID: Undecided, Name: "Undecided", Severity: Note,
	Title: "Socket that could not be judged",
	Hint:  "see why with keepatch explain, name the wrapper in .keepatch.yaml, or suppress it with a reason",
	Text: `The kind of the socket or the way of its descriptor could not be followed: it
comes from a function pointer, from a function outside the tree, or from a
value known only at run time. keepatch says so instead of calling it clean;
check --strict fails on it. The evidence names what was missing. A wrapper can
be described in .keepatch.yaml.`,
	Before: `fd = ops->open(ops->arg);   /* which socket() is this? */`,
	After: `# .keepatch.yaml
wrappers:
  creates:
    - name: my_open
      args: [AF_INET, SOCK_STREAM, 0]`,
}
