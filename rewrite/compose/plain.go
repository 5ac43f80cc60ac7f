package compose

// Plain is what a block does without, because an obligation refused it: each
// entry is a step towards the plainest form, the bare call with a variable in
// a block of its own. The zero value is the block as its author would like it.
type Plain struct {
	OwnVar bool            // declares its variable itself
	NoCast bool            // casts as C does, not as the siblings do
	Stays  bool            // reports and goes on
	mute   map[string]bool // functions and macros that do not report
}

// Dropped sets a switch of plain, once.
func Dropped(b *bool) bool {
	was := *b
	*b = true
	return !was
}

func (pl *Plain) Silence(name string) bool {
	if pl.mute[name] {
		return false
	}
	if pl.mute == nil {
		pl.mute = map[string]bool{}
	}
	pl.mute[name] = true
	return true
}
