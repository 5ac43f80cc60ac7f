package detect

import "testing"

func TestKindOfName(t *testing.T) {
	for name, want := range map[string]timerKind{
		"idle": timerIdle, "keepIdle": timerIdle, "TCP_KEEPIDLE_SECONDS": timerIdle, "tcp_keepalive_time": timerIdle,
		"intvl": timerInterval, "keepalive_interval": timerInterval, "KeepAliveInterval": timerInterval,
		"cnt": timerCount, "keepcnt": timerCount, "probes": timerCount, "keepAliveProbes": timerCount, "KEEP_COUNT": timerCount,
		"val": "", "optval": "", "timeout": "", "account": "", "country": "", "discount": "", "on": "", "x": "", "": "",
		"keepalive_timeout": "", "idle_interval": "", "interval_count": "",
	} {
		if got := kindOfName(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Each note rule is documented as a note, so that switching it on is the
// user's decision, and is attached somewhere in the fixtures.
func TestNoteRules(t *testing.T) {
	found := map[string]bool{}
	for _, name := range fixtureNames(t) {
		files := fixtureFiles(t, name)
		for _, s := range analyzeTexts(files, Options{Workers: 1, Wrappers: configured(files)}).Sites {
			for _, r := range s.Rules {
				found[r] = true
			}
		}
	}
	for _, id := range []string{"KA001", "KA002", "KA003", "KA004", "KA005", "KA006", "KA007", "KA008"} {
		if !found[id] {
			t.Errorf("no fixture breaks %s", id)
		}
		if note := RuleByID(id).Severity == SevNote; note != (id > RuleMissingAccept) {
			t.Errorf("%s is a %s", id, RuleByID(id).Severity)
		}
	}
}
