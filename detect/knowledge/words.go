package knowledge

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed words.tsv
var wordTable string

// Words are parts of names that answer a question, see words.tsv.
type Words struct{ list string }

// All are the words, which are read when they are first asked for.
func (w Words) All() []string { return wordLists()[w.list] }

// End reports whether a name ends with one of the words.
func (w Words) End(name string) bool {
	return slices.ContainsFunc(w.All(), func(x string) bool { return strings.HasSuffix(name, x) })
}

// In reports whether one of the words is a part of a name.
func (w Words) In(name string) bool {
	for _, x := range w.All() {
		if strings.Contains(name, x) {
			return true
		}
	}
	return false
}

// Has reports whether a name is one of the words.
func (w Words) Has(name string) bool { return slices.Contains(w.All(), name) }

// Begin reports whether a name begins with one of the words.
func (w Words) Begin(name string) bool {
	return slices.ContainsFunc(w.All(), func(x string) bool { return strings.HasPrefix(name, x) })
}

var wordLists = sync.OnceValue(func() map[string][]string {
	m := map[string][]string{}
	for r := range rows(wordTable, 3) {
		m[r[0]] = strings.Fields(r[2])
	}
	return m
})

// The lists of words.tsv, where the question of each stands.
var (
	RetryWords     = Words{"retry"}
	DealWords      = Words{"deal"}
	WrapWords      = Words{"wrap"}
	LeaveWords     = Words{"leave"}
	ExitWords      = Words{"exit"}
	GuardWords     = Words{"guard"}
	AtExitWords    = Words{"atexit"}
	StevensWords   = Words{"stevens"}
	GiveUpWords    = Words{"giveup"}
	UnlessWords    = Words{"unless"}
	ReportWords    = Words{"report"}
	InvalidWords   = Words{"invalid"}
	ValidWords     = Words{"valid"}
	ThroughWords   = Words{"through"}
	HarmlessWords  = Words{"harmless"}
	ReleaseWords   = Words{"release"}
	AcquireWords   = Words{"acquire"}
	ChatterWords   = Words{"chatter"}
	FormatWords    = Words{"format"}
	SilentWords    = Words{"silent"}
	ReporterWords  = Words{"reporter"}
	OneOptionWords = Words{"oneoption"}
	NotOptionWords = Words{"notoption"}
	ArgumentWords  = Words{"argument"}
	LinuxWords     = Words{"linux"}
	TimerWords     = Words{"timers"}

	OptionNameWords   = Words{"optionname"}
	ValueNames        = Words{"value"}
	CommandWords      = Words{"command"}
	RaiseWords        = Words{"raise"}
	KeepWords         = Words{"keep"}
	ReasonBufferWords = Words{"reasonbuffer"}
	BufferWords       = Words{"buffer"}

	IntervalWords     = Words{"timeinterval"}
	CountWords        = Words{"timecount"}
	DescriptorMembers = Words{"fdmember"}

	givesDescriptor = Words{"givesfd"}
	endsDescriptor  = Words{"endsfd"}
	descriptorTypes = Words{"fdtype"}
)

// NamesKeepalive reports whether a name in lower case is that of the option, or of a
// function that has to do with it.
func NamesKeepalive(low string) bool {
	return (strings.Contains(low, "keepalive") || strings.Contains(low, "keep_alive")) && !NotOptionWords.In(low)
}
