// Package judge draws the conclusions about each site: its transport, its role,
// whether SO_KEEPALIVE is on, and the verdict.
//
// The phases run over all sites, each site by itself, so that they can run in
// parallel: follow the descriptor; link listeners with the accept calls that they
// reach; decide transport, role and keepalive; last, a listener whose accepted
// sockets all have keepalive is covered.
//
// The transport is computed for each combination of arguments that occurs (by
// caller, by row of a table), so that the domain of one is never combined with the
// type of another. Which listener feeds an accept, and which objects an option
// reaches, is narrowed by what tells objects of one type apart: their allocation, a
// discriminant beside the descriptor, their dispatch table. Such a filter drops
// nothing where nothing would be left.
package judge
