// Package repo tests the repository as a whole: which package imports which, that
// README, documentation and generated files say what the program does, the pieces
// for continuous integration, and properties that need many sources at once. Its
// tests run in the root of the repository.
package repo
