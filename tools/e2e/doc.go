// Package e2e holds the tests that drive keepatch over real programs from end
// to end: sources fetched as a distribution ships them, patched by the program
// as a user runs it, configured, compiled, and one of them run under strace.
//
// They need more than Go: gcc, make, patch, git, strace, and a mirror of Debian
// for the sources that the cache does not hold yet. What is missing is named
// and the test skipped.
package e2e
