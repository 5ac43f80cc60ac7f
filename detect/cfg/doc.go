// Package cfg builds the control-flow graph of one function body.
//
// A node evaluates one expression, or the declarations of one statement; a
// condition is one node, && and || are not split. An edge that leaves a condition
// carries its outcome, one that leaves a switch the label taken, so that clients
// can interpret conditions edge by edge. The body
//
//	fd = socket(AF_INET, SOCK_STREAM, 0);
//	if (fd < 0)
//		return -1;
//	while (connect(fd, sa, len) < 0)
//		sleep(1);
//	use(fd);
//
// has the graph
//
//	entry
//	  |
//	fd = socket(...)
//	  |
//	fd < 0 ---true---> return -1
//	  |
//	false
//	  |
//	connect(...) < 0 ---true---> sleep(1)
//	  |      ^                      |
//	false    +----------------------+
//	  |
//	use(fd)
//	  |
//	exit
//
// Only what falls off the end of the body leads to the exit; a return, and a call
// that never returns, has no successor. Code that no path reaches has nodes
// without predecessors.
//
// Building is linear in the body. Control dependence comes from the
// postdominators of a target, by the iterative algorithm of Cooper, Harvey and
// Kennedy ("A Simple, Fast Dominance Algorithm", 2001).
package cfg
