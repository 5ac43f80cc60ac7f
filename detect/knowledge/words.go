package knowledge

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed words.tsv
var wordTable string

// Words are parts of names that answer a question, see words.tsv.
type Words []string

// End reports whether a name ends with one of the words.
func (w Words) End(name string) bool {
	return slices.ContainsFunc(w, func(x string) bool { return strings.HasSuffix(name, x) })
}

// In reports whether one of the words is a part of a name.
func (w Words) In(name string) bool {
	for _, x := range w {
		if strings.Contains(name, x) {
			return true
		}
	}
	return false
}

// Has reports whether a name is one of the words.
func (w Words) Has(name string) bool { return slices.Contains(w, name) }

// Begin reports whether a name begins with one of the words.
func (w Words) Begin(name string) bool {
	return slices.ContainsFunc(w, func(x string) bool { return strings.HasPrefix(name, x) })
}

var wordLists = func() map[string]Words {
	m := make(map[string]Words, 48)
	for r := range rows(wordTable, 3) {
		m[r[0]] = strings.Fields(r[2])
	}
	return m
}()

// The lists of words.tsv, where the question of each stands.
var (
	RetryWords     = wordLists["retry"]
	DealWords      = wordLists["deal"]
	WrapWords      = wordLists["wrap"]
	LeaveWords     = wordLists["leave"]
	ExitWords      = wordLists["exit"]
	GuardWords     = wordLists["guard"]
	AtExitWords    = wordLists["atexit"]
	StevensWords   = wordLists["stevens"]
	GiveUpWords    = wordLists["giveup"]
	UnlessWords    = wordLists["unless"]
	ReportWords    = wordLists["report"]
	InvalidWords   = wordLists["invalid"]
	ValidWords     = wordLists["valid"]
	ThroughWords   = wordLists["through"]
	HarmlessWords  = wordLists["harmless"]
	ReleaseWords   = wordLists["release"]
	AcquireWords   = wordLists["acquire"]
	ChatterWords   = wordLists["chatter"]
	FormatWords    = wordLists["format"]
	SilentWords    = wordLists["silent"]
	ReporterWords  = wordLists["reporter"]
	OneOptionWords = wordLists["oneoption"]
	NotOptionWords = wordLists["notoption"]
	ArgumentWords  = wordLists["argument"]
	LinuxWords     = wordLists["linux"]
	TimerWords     = wordLists["timers"]

	OptionNameWords   = wordLists["optionname"]
	ValueNames        = wordLists["value"]
	CommandWords      = wordLists["command"]
	RaiseWords        = wordLists["raise"]
	KeepWords         = wordLists["keep"]
	ReasonBufferWords = wordLists["reasonbuffer"]
	BufferWords       = wordLists["buffer"]

	IntervalWords     = wordLists["timeinterval"]
	CountWords        = wordLists["timecount"]
	DescriptorMembers = wordLists["fdmember"]

	givesDescriptor = wordLists["givesfd"]
	endsDescriptor  = wordLists["endsfd"]
	descriptorTypes = wordLists["fdtype"]
)

// NamesKeepalive reports whether a name in lower case is that of the option, or of a
// function that has to do with it.
func NamesKeepalive(low string) bool {
	return (strings.Contains(low, "keepalive") || strings.Contains(low, "keep_alive")) && !NotOptionWords.In(low)
}
