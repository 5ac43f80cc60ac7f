package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// browser is a headless Chromium with a page open, driven over the WebDriver
// protocol (https://www.w3.org/TR/webdriver2/), which is plain HTTP.
type browser struct {
	t       *testing.T
	base    string
	session string
}

// open starts a browser of a given width with html as its page.
func open(t *testing.T, html []byte, width int) *browser {
	t.Helper()
	return openSized(t, html, width, 800)
}

// openSized skips the test where Chromium is not installed.
func openSized(t *testing.T, html []byte, width, height int) *browser {
	t.Helper()
	driver, err := exec.LookPath("chromedriver")
	if err != nil {
		t.Skip("needs Chromium and ChromeDriver (Debian: chromium, chromium-driver)")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	dir := t.TempDir()
	cmd := exec.Command(driver, fmt.Sprintf("--port=%d", port), "--log-level=OFF")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, base: fmt.Sprintf("http://127.0.0.1:%d", port)}
	t.Cleanup(func() {
		if b.session != "" {
			b.call("DELETE", "", map[string]any{})
		}
		cmd.Process.Kill()
		cmd.Wait()
	})
	b.wait()
	caps := map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"goog:loggingPrefs": map[string]string{"browser": "ALL"},
		"goog:chromeOptions": map[string]any{
			"args": []string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--user-data-dir=" + filepath.Join(dir, "profile")},
			"mobileEmulation": map[string]any{"deviceMetrics": map[string]any{"width": width, "height": height, "pixelRatio": 1, "mobile": width < 600}},
		},
	}}}
	var made struct {
		SessionID string `json:"sessionId"`
	}
	b.decode(b.call("POST", "/session", caps), &made)
	b.session = made.SessionID
	file := filepath.Join(dir, "report.html")
	if err := os.WriteFile(file, html, 0o666); err != nil {
		t.Fatal(err)
	}
	b.load("file://" + file)
	return b
}

func (b *browser) wait() {
	for range 100 {
		if r, err := http.Get(b.base + "/status"); err == nil {
			r.Body.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatal("chromedriver does not answer")
}

// call sends a command and returns the value of its answer.
func (b *browser) call(method, path string, body any) json.RawMessage {
	b.t.Helper()
	if !strings.HasPrefix(path, "/session") {
		path = "/session/" + b.session + path
	}
	data, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	if body == nil {
		data = nil
	}
	req, err := http.NewRequest(method, b.base+path, bytes.NewReader(data))
	if err != nil {
		b.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, _ := io.ReadAll(res.Body)
	var v struct {
		Value json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(answer, &v); err != nil || res.StatusCode != http.StatusOK {
		b.t.Fatalf("%s %s: %s %s", method, path, res.Status, answer)
	}
	return v.Value
}

func (b *browser) decode(data json.RawMessage, into any) {
	b.t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		b.t.Fatalf("%s: %v", data, err)
	}
}

func (b *browser) load(url string) {
	b.t.Helper()
	b.call("POST", "/url", map[string]string{"url": url})
}

func (b *browser) reload() {
	b.t.Helper()
	b.call("POST", "/refresh", map[string]any{})
}

// settle lets the page do what it has put off.
func (b *browser) settle() {
	b.t.Helper()
	b.call("POST", "/execute/async", map[string]any{"script": `setTimeout(arguments[0], 50)`, "args": []any{}})
}

// screenshot writes what the window shows to a PNG file.
func (b *browser) screenshot(file string) {
	b.t.Helper()
	var png []byte
	b.decode(b.call("GET", "/screenshot", nil), &png)
	if err := os.WriteFile(file, png, 0o666); err != nil {
		b.t.Fatal(err)
	}
}

// eval runs the body of a function in the page and returns its result as text.
func (b *browser) eval(script string) string {
	b.t.Helper()
	var v any
	b.decode(b.call("POST", "/execute/sync", map[string]any{"script": script, "args": []any{}}), &v)
	return fmt.Sprint(v)
}

// click clicks the first element that a CSS selector finds, as a user does: one
// that is hidden or covered is an error.
func (b *browser) click(selector string) {
	b.t.Helper()
	var el map[string]string
	b.decode(b.call("POST", "/element", map[string]string{"using": "css selector", "value": selector}), &el)
	for _, id := range el {
		b.call("POST", "/element/"+id+"/click", map[string]any{})
	}
}

// key sends a key to the element that has the focus.
func (b *browser) key(key string) {
	b.t.Helper()
	b.call("POST", "/actions", map[string]any{"actions": []any{map[string]any{"type": "key", "id": "k", "actions": []any{
		map[string]string{"type": "keyDown", "value": key}, map[string]string{"type": "keyUp", "value": key}}}}})
}

// console returns what the page wrote to the console, its errors among it.
func (b *browser) console() []string {
	b.t.Helper()
	var entries []struct{ Level, Message string }
	b.decode(b.call("POST", "/se/log", map[string]string{"type": "browser"}), &entries)
	var list []string
	for _, e := range entries {
		list = append(list, e.Level+" "+e.Message)
	}
	return list
}

// TestScreenshots writes pictures of the page KEEPATCH_PAGE, else of the sample,
// into the folder KEEPATCH_SHOTS, for people to look at.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("KEEPATCH_SHOTS")
	if dir == "" {
		t.Skip("KEEPATCH_SHOTS names the folder for pictures")
	}
	html := htmlOf(t, sample(t))
	if page := os.Getenv("KEEPATCH_PAGE"); page != "" {
		var err error
		if html, err = os.ReadFile(page); err != nil {
			t.Fatal(err)
		}
	}
	for name, width := range map[string]int{"desktop": 1200, "phone": 390} {
		b := open(t, html, width)
		b.screenshot(filepath.Join(dir, name+".png"))
		b.eval(`window.site = [...document.querySelectorAll(".site")].find(s => s.querySelector(".diff")) || document.querySelector(".site");
			site.open = true; site.querySelector(".step").click(); location.hash = site.id`)
		b.settle()
		b.screenshot(filepath.Join(dir, name+"-site.png"))
		b.eval(`(site.querySelector(".diff") || site).scrollIntoView({block: "center"})`)
		b.screenshot(filepath.Join(dir, name+"-patch.png"))
		b.eval(`document.getElementById("theme").click(); document.getElementById("theme").click(); scrollTo(0, 0)`)
		b.settle()
		b.screenshot(filepath.Join(dir, name+"-dark-top.png"))
		b.eval(`site.scrollIntoView()`)
		b.screenshot(filepath.Join(dir, name+"-dark.png"))
	}
}

// The picture in docs/tour.md is the page of the demo. With -update it is taken anew.
func TestPicture(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "demo"), os.DirFS("../testdata/demo")); err != nil {
		t.Fatal(err)
	}
	keepatch := filepath.Join(dir, "keepatch")
	if out, err := exec.Command("go", "build", "-o", keepatch, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(keepatch, "scan", "--format", "html")
	cmd.Dir = filepath.Join(dir, "demo")
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1798761600")
	html, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	const width, height = 1000, 1320
	b := openSized(t, html, width, height)
	b.click(".site[data-verdict=missing] > summary")
	b.eval(`document.activeElement.blur()`)
	b.settle()
	if got := b.eval(`const r = document.querySelector(".site[open] .actions").getBoundingClientRect(); return r.top > 0 && r.bottom < innerHeight`); got != "true" {
		t.Error("the patch is not in the picture")
	}
	file := filepath.Join("..", "docs", "report.png")
	if *update {
		b.screenshot(file)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if c, err := png.DecodeConfig(f); err != nil || c.Width != width || c.Height != height {
		t.Errorf("%s is %dx%d, %v", file, c.Width, c.Height, err)
	}
}
