// Package pathtest makes small C programs with sockets from bytes, and enumerates
// their paths: what a brute-force interpreter finds is what a verdict has to agree
// with. The interpreter runs over the generator's own trees, so that nothing of the
// parser or the analysis is trusted. Only tests import it.
//
// A program has inputs that are free: input_value(), results of calls that can fail,
// and the macros that select branches of #if. Run tries each combination up to a
// number of paths and a few rounds of each loop, and Truth sums up what was
// seen of each site.
package pathtest
