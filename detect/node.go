package detect

// Node ties a site to the tree it was found in.
type Node struct{}
