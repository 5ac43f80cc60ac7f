package rules

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/knowledge"
)

func TestKindOfName(t *testing.T) {
	for name, want := range map[string]knowledge.TimerKind{
		"idle": knowledge.TimerIdle, "keepIdle": knowledge.TimerIdle, "TCP_KEEPIDLE_SECONDS": knowledge.TimerIdle, "tcp_keepalive_time": knowledge.TimerIdle,
		"intvl": knowledge.TimerInterval, "keepalive_interval": knowledge.TimerInterval, "KeepAliveInterval": knowledge.TimerInterval,
		"cnt": knowledge.TimerCount, "keepcnt": knowledge.TimerCount, "probes": knowledge.TimerCount, "keepAliveProbes": knowledge.TimerCount, "KEEP_COUNT": knowledge.TimerCount,
		"val": "", "optval": "", "timeout": "", "account": "", "country": "", "discount": "", "on": "", "x": "", "": "",
		"keepalive_timeout": "", "idle_interval": "", "interval_count": "",
	} {
		if got := kindOfName(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestRules(t *testing.T) {
	for i, r := range All {
		if i > 0 && All[i-1].ID >= r.ID {
			t.Errorf("%s is not in order", r.ID)
		}
		if r.Name == "" || r.Title == "" || r.Hint == "" || r.Text == "" || r.Before == "" || r.After == "" || r.Before == r.After {
			t.Errorf("%s lacks a part of its documentation", r.ID)
		}
		if strings.HasSuffix(r.Title, ".") || strings.HasSuffix(r.Hint, ".") {
			t.Errorf("%s: title and hint end without a full stop", r.ID)
		}
		if ByID(r.ID).ID != r.ID {
			t.Errorf("%s is not found", r.ID)
		}
	}
	if ByID("KA999") != nil {
		t.Error("KA999 is found")
	}
}
