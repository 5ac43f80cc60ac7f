package patch

import "fmt"

// Refusal is why a program cannot have the switch that was asked for, and which one it can
// have instead.
type Refusal struct{ Why, Instead string }

// Error returns both.
func (r *Refusal) Error() string { return r.Why + " (" + r.Instead + ")" }

// EnvInstead returns the refusal of an option where the environment can be read.
func EnvInstead(format string, args ...any) error {
	return &Refusal{Why: fmt.Sprintf(format, args...), Instead: "--switch=env reads the environment instead"}
}
