package repo

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// step is a step of an action or of a workflow.
type step struct{ Name, Uses, Run, If string }

// steps returns the steps of the action by name.
func steps(t *testing.T) map[string]step {
	var action struct{ Runs struct{ Steps []step } }
	readYAML(t, "action.yml", &action)
	by := map[string]step{}
	for _, s := range action.Runs.Steps {
		by[s.Name] = s
	}
	return by
}

// shell runs a script as a runner does, in a folder of its own, and returns its
// output, its exit status and the folder.
func shell(t *testing.T, script string, env ...string) (out string, status int, dir string) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("needs bash")
	}
	dir = t.TempDir()
	action, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "RUNNER_TEMP="+dir, "GITHUB_ACTION_PATH="+action, "GITHUB_PATH="+filepath.Join(dir, "path"),
		"GITHUB_OUTPUT="+filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary"))
	cmd.Env = append(cmd.Env, env...)
	text, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode(), dir
}

func content(t *testing.T, parts ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// archive is the name that .goreleaser.yml gives the archive of a version.
func archive(t *testing.T, version, arch string) string {
	var config struct {
		ProjectName string `yaml:"project_name"`
		Archives    []struct {
			Formats      []string
			NameTemplate string `yaml:"name_template"`
		}
	}
	readYAML(t, ".goreleaser.yml", &config)
	a := config.Archives[0]
	return strings.NewReplacer("{{ .ProjectName }}", config.ProjectName, "{{ .Version }}", version, "{{ .Os }}", runtime.GOOS,
		"{{ .Arch }}", arch).Replace(a.NameTemplate) + "." + a.Formats[0]
}

// releases is the address of a folder of releases: v1.2.3, the latest; v1.2.4,
// whose archive was changed; and v1.2.5 for another machine.
func releases(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("needs curl")
	}
	dir := t.TempDir()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	w := tar.NewWriter(z)
	binary := []byte("#!/bin/sh\necho keepatch version 1.2.3\n")
	for name, data := range map[string][]byte{"README.md": []byte("x"), "keepatch": binary} {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(data))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	z.Close()
	sum := fmt.Sprintf("%x", sha256.Sum256(packed.Bytes()))
	put := func(folder, name, sum string) {
		to := filepath.Join(dir, folder)
		if err := os.MkdirAll(to, 0o777); err != nil {
			t.Fatal(err)
		}
		list := fmt.Sprintf("%064d  keepatch_9_plan9_mips.tar.gz\n%s  %s\n%064d  keepatch_9_amd64.deb\n", 0, sum, name, 1)
		for file, data := range map[string][]byte{"checksums.txt": []byte(list), name: packed.Bytes()} {
			if err := os.WriteFile(filepath.Join(to, file), data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	put("download/v1.2.3", archive(t, "1.2.3", runtime.GOARCH), sum)
	put("latest/download", archive(t, "1.2.3", runtime.GOARCH), sum)
	put("download/v1.2.4", archive(t, "1.2.4", runtime.GOARCH), strings.Repeat("0", 64))
	put("download/v1.2.5", archive(t, "1.2.5", "other"), sum)
	return "file://" + dir
}

// The binary of the release is taken where there is one, and never one that is
// not what the release lists.
func TestDownload(t *testing.T) {
	run, from := steps(t)["Download keepatch"].Run, releases(t)
	for _, c := range []struct {
		wanted, ref string
		status      int
		build       bool
		says        string
	}{
		{"", "v1.2.3", 0, false, ""},
		{"v1.2.3", "main", 0, false, ""},
		{"latest", "main", 0, false, ""},
		{"", "main", 0, true, ""},
		{"", "v1", 0, true, ""},
		{"", "v9.9.9", 0, true, "no release v9.9.9"},
		{"v9.9.9", "v1.2.3", 1, false, "no release v9.9.9"},
		{"v1.2.4", "main", 1, false, "is not what checksums.txt lists"},
		{"", "v1.2.4", 1, false, "is not what checksums.txt lists"},
		{"", "v1.2.5", 0, true, "has no build for"},
		{"v1.2.5", "main", 1, false, "has no build for"},
	} {
		out, status, dir := shell(t, run, "WANTED="+c.wanted, "REF="+c.ref, "RELEASES="+from)
		if status != c.status || !strings.Contains(out, c.says) {
			t.Errorf("version %q at %q: status %d, want %d and %q\n%s", c.wanted, c.ref, status, c.status, c.says, out)
			continue
		}
		if status != 0 {
			continue
		}
		got := content(t, dir, "output")
		if c.build != regexp.MustCompile(`(?m)^build=true\nsource=[0-9a-f]{40}$`).MatchString(got) || c.build == strings.Contains(got, "build=false") {
			t.Errorf("version %q at %q: output %q, want build=%v", c.wanted, c.ref, got, c.build)
		}
		if bin := content(t, dir, "path"); !c.build && !strings.HasPrefix(content(t, strings.TrimSpace(bin), "keepatch"), "#!") {
			t.Errorf("version %q at %q: no keepatch in %s", c.wanted, c.ref, bin)
		}
	}
}

// The actions of others are pinned by commit.
func TestPinned(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(".github", "workflows", "*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no workflows", err)
	}
	pinned := regexp.MustCompile(`uses: [\w./-]+@[0-9a-f]{40} # v[\d.]+$`)
	for _, f := range append(files, "action.yml") {
		n := 0
		for i, line := range strings.Split(content(t, f), "\n") {
			if strings.Contains(line, "uses:") {
				n++
				if !pinned.MatchString(line) {
					t.Errorf("%s:%d: not pinned: %s", filepath.Base(f), i+1, strings.TrimSpace(line))
				}
			}
		}
		if n == 0 {
			t.Errorf("%s uses no action", f)
		}
	}
}

// A pull request of a fork is checked, and nothing is uploaded for it.
func TestForks(t *testing.T) {
	for name, s := range steps(t) {
		if upload := strings.Contains(s.Uses, "upload-sarif"); upload != strings.Contains(s.If, "head.repo.full_name == github.repository") {
			t.Errorf("%s: if: %s", name, s.If)
		}
	}
}

// What was built once is kept for the next run, and built anew when the source differs.
func TestActionCache(t *testing.T) {
	var action struct {
		Runs struct {
			Steps []struct {
				ID, Uses, If string
				With         map[string]any
			}
		}
	}
	readYAML(t, "action.yml", &action)
	cached, skipped := "", 0
	for _, s := range action.Runs.Steps {
		if strings.HasPrefix(s.Uses, "actions/cache@") {
			key := fmt.Sprint(s.With["key"])
			for _, part := range []string{"runner.os", "runner.arch", "steps.download.outputs.source"} {
				if !strings.Contains(key, part) {
					t.Errorf("the key %s lacks %s", key, part)
				}
			}
			cached = s.ID
		}
		if cached != "" && strings.Contains(s.If, "steps."+cached+".outputs.cache-hit != 'true'") {
			skipped++
		}
	}
	if cached == "" || skipped != 2 {
		t.Errorf("cached by %q, %d steps are skipped then", cached, skipped)
	}
}

// The notes of a release are its section of the changelog, and there has to be one.
func TestReleaseNotes(t *testing.T) {
	if log := content(t, "CHANGELOG.md"); !strings.Contains(log, "\n## [Unreleased]\n\n### Added\n\n- ") {
		t.Errorf("CHANGELOG.md has %d bytes, and no section of what is new", len(log))
	}
	var workflow struct {
		Jobs map[string]struct{ Steps []step }
	}
	readYAML(t, ".github/workflows/release.yml", &workflow)
	run := ""
	for _, s := range workflow.Jobs["release"].Steps {
		if strings.HasPrefix(s.Name, "Notes") {
			run = s.Run
		}
	}
	log := "cat >CHANGELOG.md <<'E'\n# Changelog\n\n## [Unreleased]\n\nx\n\n## [1.2.3] - 2027-01-02\n\n### Added\n\n- one\n\n## [1.2.30]\n\n- other\nE\n"
	out, status, dir := shell(t, log+run, "TAG=v1.2.3")
	if want := "\n### Added\n\n- one\n\n"; status != 0 || content(t, dir, "notes.md") != want {
		t.Errorf("status %d, notes %q, want %q\n%s", status, content(t, dir, "notes.md"), want, out)
	}
	if out, status, _ := shell(t, log+run, "TAG=v1.2.4"); status != 1 || !strings.Contains(out, "no section for v1.2.4") {
		t.Errorf("status %d: %s", status, out)
	}
}

// The image of a release is a stage of the Dockerfile, which has the git that
// check --diff needs.
func TestImage(t *testing.T) {
	var config struct {
		Dockers []struct {
			Dockerfile string
			Flags      []string
		} `yaml:"dockers_v2"`
	}
	readYAML(t, ".goreleaser.yml", &config)
	d := config.Dockers[0]
	file := content(t, d.Dockerfile)
	_, stage, _ := strings.Cut(d.Flags[0], "--target=")
	if !strings.Contains(file, "\nFROM base AS "+stage+"\n") || !regexp.MustCompile(`(?s)AS base\n.*apk add --no-cache git &&.*\nFROM base AS `).MatchString(file) {
		t.Errorf("%s has no stage %q with git", d.Dockerfile, stage)
	}
}

// A release has packages, SBOMs, an image, and signatures of the checksums and of the image.
func TestReleaseParts(t *testing.T) {
	data, config := map[string]any{}, map[string][]map[string]any{}
	readYAML(t, ".goreleaser.yml", &data)
	for _, part := range []string{"nfpms", "sboms", "signs", "docker_signs", "dockers_v2"} {
		list, _ := data[part].([]any)
		for _, x := range list {
			m, _ := x.(map[string]any)
			config[part] = append(config[part], m)
		}
		if len(config[part]) == 0 {
			t.Fatalf("no %s", part)
		}
	}
	if config["dockers_v2"][0]["sbom"] != true {
		t.Error("the image has no SBOM")
	}
	if got := fmt.Sprint(config["signs"][0]["artifacts"], " ", config["sboms"][0]["artifacts"], " ", config["nfpms"][0]["formats"]); got != "checksum archive [deb rpm apk]" {
		t.Errorf("signed, listed, packaged: %s", got)
	}
}

// docs/ci.md lists the inputs of the action with their defaults.
func TestActionInputs(t *testing.T) {
	var action struct {
		Inputs map[string]struct{ Default string }
	}
	readYAML(t, "action.yml", &action)
	doc := content(t, "docs/ci.md")
	for name, in := range action.Inputs {
		row := regexp.MustCompile("(?m)^\\| `" + name + "` \\| .*\\| (.*) ?\\|$").FindStringSubmatch(doc)
		if row == nil || in.Default != "" && !strings.HasPrefix(row[1], "`"+in.Default+"`") {
			t.Errorf("docs/ci.md: input %s, default %q: %q", name, in.Default, row)
		}
	}
	if len(action.Inputs) < 6 {
		t.Errorf("%d inputs", len(action.Inputs))
	}
}

// The documents name releases, which there may be none of yet, in the section
// about them only.
func TestDocsNeedNoRelease(t *testing.T) {
	release := regexp.MustCompile(`keepatch/keepatch@(v\d|latest)|ghcr\.io/|rev: v\d|version: v\d`)
	files, err := filepath.Glob(filepath.Join("docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range append(files, "README.md") {
		section := ""
		for i, line := range strings.Split(content(t, f), "\n") {
			if strings.HasPrefix(line, "## ") {
				section = line
			}
			switch m := release.FindString(line); {
			case m == "":
			case section == "## Releases":
				found++
			default:
				t.Errorf("%s:%d: %s", filepath.Base(f), i+1, m)
			}
		}
	}
	if found < 3 {
		t.Errorf("the section about releases has %d of them", found)
	}
}
