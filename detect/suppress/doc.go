// Package suppress applies keepatch:ignore comments to sites, and reports comments
// that are malformed or that suppress nothing.
//
// It reads the comments of files whose text holds the directive, once, and compares
// line numbers; it knows nothing of how a site was judged.
package suppress
