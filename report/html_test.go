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

// An address of a site or a rule opens it below the bar that stays on top, and
// the bar never covers what j and k go to.
func TestAnchorsInBrowser(t *testing.T) {
	b := open(t, htmlOf(t, sample(t)), 1200)
	const covered = `const el = document.activeElement.closest("details"), bar = document.getElementById("filters").getBoundingClientRect();
		const top = el.getBoundingClientRect().top;
		return el.id + (getComputedStyle(document.getElementById("filters")).position === "sticky" && top < bar.bottom ? " is covered" : "") +
			(top > innerHeight - 20 ? " is below the window" : "")`
	is := func(what, script, want string) {
		t.Helper()
		if got := b.eval(script); got != want {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
	}
	b.eval(`document.body.style.paddingBottom = "2000px"; location.hash = "site-s3"`) // covered: hidden at first
	b.settle()
	is("address of a hidden site", covered, "site-s3")
	is("it is open", `return document.getElementById("site-s3").open`, "true")
	b.eval(`document.getElementById("find").value = "dial"; document.getElementById("find").dispatchEvent(new Event("input"))`)
	b.eval(`location.hash = "site-s1"`)
	b.settle()
	is("address of a site that Find hides", covered, "site-s1")
	for _, step := range []struct{ key, at string }{{"k", "site-c3"}, {"k", "site-c1"}, {"j", "site-c3"}, {"j", "site-s1"}, {"j", "site-s2"}} {
		b.key(step.key)
		is(step.key, covered, step.at)
	}
	b.click("#site-s2 a.rule")
	b.settle()
	is("badge", covered, "rule-KA002")
	is("the rule is open", `return document.getElementById("rule-KA002").open`, "true")
	is("the badge did not open its site", `return document.getElementById("site-s2").open`, "false")
	b.key("/")
	is("find", `return document.activeElement.id`, "find")
	b.key("j")
	is("j is a letter there", `return document.activeElement.value`, "j")
	if c := b.console(); len(c) > 0 {
		t.Errorf("console: %q", c)
	}
}

func TestPageButtons(t *testing.T) {
	d := sample(t)
	html := htmlOf(t, d)
	b := open(t, html, 1200)
	is := func(what, script, want string) {
		t.Helper()
		if got := b.eval(script); got != want {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
	}
	is("project", `return document.querySelector("h1").textContent`, "demo")
	is("commit", `return document.getElementById("revision").textContent`, "0123456789ab")
	is("date", `return document.getElementById("date").textContent`, "2026-11-29 14:05 UTC")
	is("one bar of all", `return document.getElementById("total").getAttribute("aria-label")`, "3 missing, 1 undecided, 1 covered, 1 suppressed")
	is("its colours are told", `return document.getElementById("counts").innerText.replace(/\s+/g, " ").trim()`, "3 missing 1 undecided 1 covered 1 suppressed")
	is("code is highlighted", `return [...document.querySelectorAll("#site-c1 .body > figure .hit .f, #site-c1 .body > figure .t")].map(e => e.textContent).join(" ")`,
		"socket")

	const opened = `return document.querySelectorAll(".site[open]").length`
	b.click("#expand")
	is("expand all", opened, "4")
	b.click("#expand")
	is("collapse all", opened, "0")
	b.eval(`document.activeElement.blur()`)
	b.key("e")
	is("e expands all", opened, "4")

	b.click("#site-c1 button[data-copy=link]")
	b.settle()
	is("the clipboard works", `return document.querySelector("#site-c1 .actions [role=status]").textContent`, "copied")
	b.eval(`window.copied = []; Object.defineProperty(navigator, "clipboard", {value: {writeText: t => { copied.push(t); return Promise.resolve(); }}})`)
	for _, what := range []string{"link", "patch", "command"} {
		b.click("#site-c1 button[data-copy=" + what + "]")
	}
	is("copied link", `return copied[0] === location.href.split("#")[0] + "#site-c1"`, "true")
	is("copied patch", `return copied[1]`, string(d.Diffs["src/net/client.c"]))
	is("copied command", `return copied[2]`, "keepatch apply src --only c1 --write")
	is("no patch, no button", `return document.querySelectorAll("#site-s1 [data-copy=patch], #site-s1 [data-copy=command]").length`, "0")

	const order = `return [...document.querySelectorAll("section.file, button.folder")].map(e => e.dataset.name).join(" ")`
	is("by path", order, "src src/net src/net/client.c src/server.c")
	b.click("#sort option[value=count]")
	is("by number", order, "src src/net src/server.c src/net/client.c")
	b.click("#sort option[value=path]")
	is("by path again", order, "src src/net src/net/client.c src/server.c")

	const dark = `return getComputedStyle(document.body).backgroundColor === "rgb(20, 23, 26)"`
	is("light at first", dark, "false")
	b.click("#theme")
	b.click("#theme")
	is("dark", dark, "true")
	b.reload()
	is("the choice is kept", dark, "true")
	b.click("#theme")
	is("as the system has it", dark, "false")
	if c := b.console(); len(c) > 0 {
		t.Errorf("console: %q", c)
	}
}

// The page's paths are relative to what was scanned; the command is not.
func TestPagePaths(t *testing.T) {
	for _, c := range []struct {
		paths      []string
		shown, not string
	}{
		{nil, "<h3>src/net/client.c</h3>", " below <code>"},
		{[]string{"."}, "<h3>src/net/client.c</h3>", " below <code>"},
		{[]string{"src"}, "<h3>net/client.c</h3>", "<h3>src/"},
		{[]string{"src/"}, " below <code>src</code>", "<h3>src/"},
		{[]string{"src/net", "src/server.c"}, "<h3>net/client.c</h3>", "<h3>src/"},
		{[]string{"src/net", "other"}, "<h3>src/net/client.c</h3>", " below <code>"},
	} {
		d := sample(t)
		d.Paths = c.paths
		html := string(htmlOf(t, d))
		if !strings.Contains(html, c.shown) || strings.Contains(html, c.not) {
			t.Errorf("%v: %q is not in the page, or %q is", c.paths, c.shown, c.not)
		}
		if !strings.Contains(html, `data-command="keepatch apply src --only c1 --write"`) {
			t.Errorf("%v: no command", c.paths)
		}
	}
}

// A patch that the page cannot hold byte for byte is not offered to be copied.
func TestNoCopyOfAnotherPatch(t *testing.T) {
	d := sample(t)
	for p, diff := range d.Diffs {
		d.Diffs[p] = bytes.ReplaceAll(diff, []byte("\n"), []byte("\r\n"))
	}
	if strings.Contains(string(htmlOf(t, d)), `data-copy="patch"`) {
		t.Error("a patch with CR LF is copied without its CRs")
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
	list := folders(&Document{}, sites)
	if len(list) != 3 || list[0].Name != "src/part0" || list[0].Parts[0].Count != 14 {
		t.Errorf("got %+v", list)
	}
}

func TestHeadline(t *testing.T) {
	for want, by := range map[string]map[result.Verdict]int{
		"No sites":                             {},
		"Every TCP socket gets SO_KEEPALIVE":   {result.Covered: 3, result.NotTCP: 1},
		"1 TCP socket never gets SO_KEEPALIVE": {result.Missing: 1, result.Undecided: 1},
		"No TCP socket is known to lack SO_KEEPALIVE; 2 are undecided": {result.Undecided: 2, result.Covered: 1},
		"No TCP socket lacks SO_KEEPALIVE but 2 suppressed":            {result.Suppressed: 2, result.Covered: 1},
	} {
		n := 0
		for _, c := range by {
			n += c
		}
		if got := headline(n, by); got != want {
			t.Errorf("%v: %q, want %q", by, got, want)
		}
	}
}
