// Package lsp is a language server that tells of sockets without SO_KEEPALIVE
// while their source is edited.
//
// The client's notifications change documents; a change is judged after a pause in
// typing, or at once when a request needs the answer. Each folder of the workspace,
// and each file outside of any with the repository around it, is a [driver.Session]:
// its trees stay in memory and the open buffers are laid over the files on disk.
// A diagnostic is what check prints for the finding, with the evidence as related
// information. Code actions plan the patch of the program anew, so that an edit is
// made for the text that the client has.
//
// The protocol's types are those of go.lsp.dev/protocol. Positions count UTF-16 code
// units, or bytes where the client takes UTF-8. An offset is only converted against
// the text that it was found in. Everything that judges runs under one lock, and a
// notification never waits for it.
package lsp
