// Package rules has the rules, with their documentation as data, and the checks
// of how keepalive is set on a descriptor (KA004 to KA008). KA001 to KA003 follow
// from the verdict and are attached by package judge.
//
// A check looks at the option calls that reach the descriptor of one site, and adds
// its rule and the evidence to the site.
package rules
