package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/result"
)

func htmlOf(t *testing.T, d *Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (HTML{}).Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	shownSites = `return [...document.querySelectorAll(".site")].filter(s => s.offsetParent).map(s => s.id).join(" ")`
	openStop   = `return [...document.querySelectorAll(".stop")].filter(s => s.offsetParent).map(s => s.querySelector(".hit .src").textContent.trim()).join("|")`
)

func TestPageInBrowser(t *testing.T) {
	b := open(t, htmlOf(t, sample(t)), 1200)
	is := func(what, script, want string) {
		t.Helper()
		if got := b.eval(script); got != want {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
	}
	is("at first what needs an eye", shownSites, "site-c1 site-c3 site-s1 site-s2")
	is("count", `return document.getElementById("shown").textContent`, "4")

	b.click("input[name=verdict][value=undecided]")
	is("without undecided", shownSites, "site-c1 site-s1 site-s2")
	b.click("input[name=verdict][value=covered]")
	is("with covered", shownSites, "site-c1 site-s1 site-s2 site-s3")
	b.click("#rule option[value=KA004]")
	is("by rule", shownSites, "site-s3")
	b.click("#all")
	is("all", shownSites, "site-c1 site-c2 site-c3 site-s1 site-s2 site-s3")
	b.click("button.folder[data-folder='src/net']")
	is("by folder", shownSites, "site-c1 site-c2 site-c3")
	is("folder is pressed", `return document.querySelector("button.folder[aria-pressed=true]").dataset.folder`, "src/net")
	is("files without sites are gone", `return [...document.querySelectorAll("section.file")].filter(s => s.offsetParent).length`, "1")
	hash := b.eval(`return location.hash`)
	b.click("button.folder[data-folder='src/net']")
	is("folder again", shownSites, "site-c1 site-c2 site-c3 site-s1 site-s2 site-s3")
	b.eval(`location.hash = "` + hash + `"`)
	is("the address brings a view back", shownSites, "site-c1 site-c2 site-c3")
	b.click("#all")
	b.eval(`const f = document.getElementById("find"); f.value = "nothing like it"; f.dispatchEvent(new Event("input"))`)
	is("no match", shownSites, "")
	is("says so", `return document.getElementById("none").offsetParent !== null`, "true")
	b.click("#all")

	b.click("#site-c1 > summary")
	is("chain is closed", openStop, "")
	b.click("#site-c1 .step")
	is("first stop", openStop, "hints.ai_socktype = SOCK_STREAM;")
	b.key("\uE015")
	is("arrow down goes on", openStop, "if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)")
	b.key("\uE013")
	is("arrow up goes back", openStop, "hints.ai_socktype = SOCK_STREAM;")
	b.click("#site-c1 .step")
	is("closed again", openStop, "")
	is("diff", `return [...document.querySelectorAll("#site-c1 .diff .add")].map(e => e.textContent.trim()).join("|")`,
		"+\t\tsetsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));")
	if c := b.console(); len(c) > 0 {
		t.Errorf("console: %q", c)
	}
}

// A page never scrolls sideways as a whole: code does so in its own box.
func TestPageOnPhone(t *testing.T) {
	b := open(t, htmlOf(t, sample(t)), 375)
	b.eval(`document.querySelectorAll("details").forEach(d => d.open = true); document.getElementById("all").click()`)
	if over := b.eval(`return document.documentElement.scrollWidth - innerWidth`); over != "0" {
		t.Errorf("the page is %s pixels too wide", over)
	}
	if c := b.console(); len(c) > 0 {
		t.Errorf("console: %q", c)
	}
}

// Sources are not to be trusted: nothing in them may become markup or script.
func TestPageEscapes(t *testing.T) {
	d := hostile()
	html := htmlOf(t, d)
	if i := bytes.Index(html, []byte("<script>alert")); i >= 0 {
		t.Errorf("script got through: %s", html[i:i+60])
	}
	b := open(t, html, 1200)
	if got := b.eval(`return typeof window.pwned`); got != "undefined" {
		t.Errorf("script of a source ran: %s", got)
	}
	if got := b.eval(`return document.querySelectorAll("script, img, b.evil").length`); got != "1" {
		t.Errorf("%s elements, want our own script only", got)
	}
	if c := b.console(); len(c) > 0 {
		t.Errorf("console: %q", c)
	}
}

// hostile is a report in which every text tries to break out of its format.
func hostile() *Document {
	const evil = "</script><script>alert(window.pwned=1)</script><img src=x onerror=pwned=1><b class=evil>|`\n::error::x\x1b[31m\"'"
	rep := &detect.Report{
		Sites: []*result.Site{{
			ID: "x\"><b class=evil>", File: "a b/" + strings.ReplaceAll(evil, "/", "_") + ".c", Line: 1, Column: 1, Function: evil, Call: "socket",
			Transport: result.TCP, Role: result.Client, Keepalive: result.KeepaliveMissing, Verdict: result.Missing,
			Rules: []string{"KA001"}, Guards: []string{evil}, Evidence: []result.Evidence{{File: evil, Line: 1, Column: 1, Note: evil}},
			Fix: result.Fix{Status: result.FixNone, Reason: evil},
		}},
		Errors: []result.FileError{{File: evil, Line: 1, Message: evil}},
		Notes:  []result.Note{{Rule: "KA100", File: evil, Line: 1, Column: 1, Message: evil}},
	}
	return &Document{Report: rep, Tool: Tool{"keepatch", evil}, Findings: finding.List(rep, finding.Policy{}), Sources: &Sources{}, Apply: evil}
}

func TestFoldersAreJoined(t *testing.T) {
	var sites []*result.Site
	for i := range 40 {
		sites = append(sites, &result.Site{File: fmt.Sprintf("src/part%d/deep%d/x.c", i%3, i), Verdict: result.Covered})
	}
	list := folders(sites)
	if len(list) != 3 || list[0].Name != "src/part0" || list[0].Parts[0].Count != 14 {
		t.Errorf("got %+v", list)
	}
}
