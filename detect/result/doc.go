// Package result is the report contract: sites with their verdicts, the
// evidence for each, notes on comments, and what could not be read. The JSON
// report prints these types as they are; a change here is a change of its
// schema.
//
// Site.Node ties a site to its tree, for package rewrite. It is not printed.
package result
