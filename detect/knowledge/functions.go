package knowledge

import (
	_ "embed"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"sync"

	"github.com/keepatch/keepatch/parse/sites"
)

//go:embed functions.tsv
var functionTable string

// FDUse tells what a library call does with a descriptor that it gets as
// argument number arg.
type FDUse struct {
	Arg   int
	Event Event
}

// Event is something that happens to a descriptor.
type Event uint8

const (
	NoEvent Event = iota
	Connect
	Listen
	Accept // it is the listener of an accept call
	Bind
	SetOption
	Data   // read, written, polled: it is in use
	SendTo // used without a connection
	Ioctl
	GetOption
	Close
	EnableKeepalive // given to a function that turns keepalive on, as the configuration says
	PassedOn        // passed to code that is not in the tree
	Name            // getpeername, getsockname
)

// events are the words of the table.
var events = map[string]Event{
	"none": NoEvent, "connect": Connect, "listen": Listen, "accept": Accept, "bind": Bind, "setoption": SetOption, "data": Data,
	"sendto": SendTo, "ioctl": Ioctl, "getoption": GetOption, "close": Close, "name": Name,
}

// FDResult says what a function that gets a descriptor as its first argument returns.
type FDResult uint8

const (
	NoFD        FDResult = iota
	SameFD               // the descriptor of a stream
	StreamOf             // a stream for it
	DuplicateOf          // a duplicate
	DuplicateBy          // a duplicate where the command says F_DUPFD
	DuplicateTo          // a duplicate under the number of argument 1
)

var fdResults = map[string]FDResult{"same": SameFD, "stream": StreamOf, "dup": DuplicateOf, "F_DUPFD": DuplicateBy, "dup2": DuplicateTo}

// Copy are the indices of the arguments between which a function copies.
type Copy struct{ To, From int }

// LastWords tell how a function that ends the program with a text is taken for a message.
type LastWords struct {
	Header string // the file has to include it, since programs have functions of that name, too
	Text   int    // the argument that is the text
	Warns  string // the function that prints the same and returns; its text comes first
}

// What functions.tsv says of each function, which has the meanings.
var (
	FDUses  Table[FDUse]
	Outputs Table[string] // see HasIndex; of other external functions none stores
	Copies  Table[Copy]
	FDOf    Table[FDResult]

	FatalMessages  Table[LastWords]
	EndsUnlessZero Table[int] // the argument that is the status, and lets it return where it is 0

	AcceptsInto Table[int] // the argument that gets the connection which it takes
	OptionValue Table[int] // the argument that points to an option's value
	StringFrom  Table[int] // the argument that is copied as a string to the first one

	External, NoReturn, Clears, SameValue, Allocators Set
	CallsBack, StoresPeer, MakesText, ToTerminal      Set
	AppendsErrno, OpensFile, Spawns, NoSocket         Set
	Starts, Formats, SetsOptions, SocketCalls         Set
	Shows, ExitsWith, ReadsArguments, ReadOnly        Set
	ReturnsTarget                                     Set

	keeps, handsOn, resolves Set

	argumentReaders []string
)

// Table is what functions.tsv says of functions in one respect. It is read at the first
// question: a process that keepatch run starts has none, and a program waits for it.
type Table[V any] struct{ rows map[string]V }

// Set is a Table of yes and no.
type Set struct{ Table[bool] }

// Lookup gives what is said of a function; ok is false where nothing is.
func (t *Table[V]) Lookup(name string) (v V, ok bool) {
	functions.Do(readFunctions)
	v, ok = t.rows[name]
	return v, ok
}

// Get is Lookup, with the zero value for nothing.
func (t *Table[V]) Get(name string) V {
	functions.Do(readFunctions)
	return t.rows[name]
}

// All are all functions of which something is said.
func (t *Table[V]) All() map[string]V {
	functions.Do(readFunctions)
	return t.rows
}

// Has reports whether a function is in the set.
func (s *Set) Has(name string) bool { return s.Get(name) }

func (t *Table[V]) add(name string, v V) {
	if t.rows == nil {
		t.rows = map[string]V{}
	}
	t.rows[name] = v
}

// ArgumentReaders are the functions of ReadsArguments, in the order of the table.
func ArgumentReaders() []string {
	functions.Do(readFunctions)
	return argumentReaders
}

func set() map[string]bool { return map[string]bool{} }

// facts are the words of the table that put a function into a set.
func facts() map[string]*Set {
	return map[string]*Set{
		"external": &External, "noreturn": &NoReturn, "clears": &Clears, "samevalue": &SameValue, "alloc": &Allocators,
		"callback": &CallsBack, "peer": &StoresPeer, "text": &MakesText, "terminal": &ToTerminal, "errno": &AppendsErrno,
		"opens": &OpensFile, "nosocket": &NoSocket, "spawns": &Spawns, "starts": &Starts, "formats": &Formats,
		"options": &SetsOptions, "sockcall": &SocketCalls, "shows": &Shows,
		"target": &ReturnsTarget,
		"status": &ExitsWith, "arguments": &ReadsArguments, "asks": &ReadOnly, "keeps": &keeps, "handson": &handsOn, "resolves": &resolves,
	}
}

var functions sync.Once

func readFunctions() {
	sets := facts()
	for r := range rows(functionTable, 6) {
		if err := addFunction(sets, r); err != nil {
			panic(fmt.Sprintf("functions.tsv: %s: %v", r[0], err)) // TestTables
		}
	}
}

// addFunction enters one row.
func addFunction(sets map[string]*Set, r []string) error {
	name := r[0]
	if r[1] != "-" {
		arg, err := strconv.Atoi(r[1])
		event, ok := events[r[2]]
		if err != nil || !ok {
			return fmt.Errorf("argument %q, event %q", r[1], r[2])
		}
		FDUses.add(name, FDUse{arg, event})
	}
	if r[3] != "-" {
		Outputs.add(name, r[3])
	}
	if r[4] == "-" {
		return nil
	}
	for f := range strings.FieldsSeq(r[4]) {
		key, val, _ := strings.Cut(f, "=")
		switch set := sets[f]; {
		case set != nil:
			set.add(name, true)
		case key == "fd" && fdResults[val] != NoFD:
			FDOf.add(name, fdResults[val])
		case key == "unlesszero" && len(val) == 1:
			EndsUnlessZero.add(name, int(val[0]-'0'))
		case key == "into" && len(val) == 1:
			AcceptsInto.add(name, int(val[0]-'0'))
		case key == "value" && len(val) == 1:
			OptionValue.add(name, int(val[0]-'0'))
		case key == "string" && len(val) == 1:
			StringFrom.add(name, int(val[0]-'0'))
		case key == "copies" && len(val) == 3:
			Copies.add(name, Copy{int(val[0] - '0'), int(val[2] - '0')})
		case key == "fatal":
			w := strings.Split(val, ",")
			if len(w) != 3 || len(w[1]) != 1 || !NoReturn.rows[name] {
				return fmt.Errorf("%s: not noreturn fatal=HEADER,ARGUMENT,FUNCTION", f)
			}
			FatalMessages.add(name, LastWords{w[0], int(w[1][0] - '0'), w[2]})
		default:
			return fmt.Errorf("unknown fact %q", f)
		}
	}
	if ReadsArguments.rows[name] {
		argumentReaders = append(argumentReaders, name)
	}
	return nil
}

// rows are the rows of a table, each of n columns. The slice is the same for all.
func rows(table string, n int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		r := make([]string, 0, n)
		for l := range strings.Lines(table) {
			l = strings.TrimSuffix(l, "\n")
			if l == "" || strings.HasPrefix(l, "#") {
				continue
			}
			r = r[:0]
			for column := range strings.SplitSeq(l, "\t") {
				r = append(r, column)
			}
			if len(r) != n {
				panic(fmt.Sprintf("a row of %d columns, not %d: %s", len(r), n, l)) // TestTables
			}
			if !yield(r) {
				return
			}
		}
	}
}

// transfers reports whether a call reads or writes.
func transfers(name string) bool {
	e := FDUses.Get(name).Event
	return e == Data || e == SendTo
}

// Keeps reports whether a call leaves a socket as usable as it was.
func Keeps(name string) bool {
	use, ok := FDUses.Lookup(name)
	return keeps.Has(name) || ok && !transfers(name) && use.Event != Close
}

// Serves reports whether a call transfers data, duplicates a socket or gives it to
// another thread.
func Serves(name string) bool { return handsOn.Has(name) || transfers(name) }

// NeedsConnection reports whether a call connects or transfers data: options come before.
func NeedsConnection(name string) bool { return transfers(name) || FDUses.Get(name).Event == Connect }

// FailsOnInvalid reports whether a call fails on an invalid descriptor and does nothing else.
func FailsOnInvalid(name string) bool {
	switch FDUses.Get(name).Event {
	case Connect, Bind, SetOption, GetOption, Ioctl, Name, Data, SendTo:
		return true
	}
	return FDOf.Get(name) == DuplicateBy
}

// DoesMoreThanSet reports whether a call does what no function that only sets options does.
func DoesMoreThanSet(name string) bool {
	switch FDUses.Get(name).Event {
	case Connect, Listen, Accept, Bind, Data, SendTo, Close:
		return true
	}
	return sites.Has(name) || Spawns.Has(name) || Allocators.Has(name) || resolves.Has(name)
}

// SocketCall reports whether a call sets a socket up or uses it, and with which
// argument; -1 is for one that makes the socket.
func SocketCall(name string) (fd int, ok bool) {
	switch {
	case !SocketCalls.Has(name):
		return 0, false
	case sites.Has(name):
		return -1, true
	}
	return FDUses.Get(name).Arg, true
}

// SetsUp reports whether a call changes a descriptor before it is used.
func SetsUp(name string) bool {
	switch FDUses.Get(name).Event {
	case Bind, Listen:
		return true
	case GetOption:
		return false
	}
	return SetsOptions.Has(name)
}

// HasIndex reports whether a list of indices, each one digit, has one.
func HasIndex(s string, i int) bool {
	for k := range len(s) {
		if s[k] == byte('0'+i) {
			return true
		}
	}
	return false
}

// SetOf makes a set of the words of a text.
func SetOf(words string) map[string]bool {
	m := make(map[string]bool, strings.Count(words, " ")+1)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// StdNames are the names of the descriptors that a process is born with.
var StdNames = map[string]string{"0": "STDIN_FILENO", "1": "STDOUT_FILENO", "2": "STDERR_FILENO"}

// IsAddrinfo reports whether a type is what getaddrinfo() makes lists of, or what a program puts in
// its place.
func IsAddrinfo(base string) bool {
	low := strings.ToLower(base)
	return strings.HasSuffix(low, "addrinfo") || strings.HasSuffix(low, "addrinfo_t")
}
