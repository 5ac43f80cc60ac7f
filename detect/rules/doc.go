// Package rules is the registry of rules: a file a rule, with its documentation
// as data and, where it looks at how keepalive is set on a descriptor (KA004 to
// KA008), its check. KA001 to KA003 and KA009 follow from the verdict and are attached by
// package judge, KA1xx are about comments and the analysis itself.
//
// A check gets a Pass: one judged site and the option calls that reach its
// descriptor. It adds its rule and the evidence to the site, and changes nothing
// else, so that checks do not depend on each other's order.
package rules
