package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// consumers is the folder into which "make consumers" installs the programs of
// others that read our formats.
func consumers(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip(err)
	}
	dir := filepath.Join(cache, "keepatch-consumers", "node_modules")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("needs the validators that make consumers installs")
	}
	return dir
}

func tool(t *testing.T, name, debian string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("needs %s (Debian: %s)", name, debian)
	}
	return path
}

// documents are what each format is tried with.
func documents(t *testing.T) map[string]*Document {
	twice := sample(t)
	for _, s := range twice.Report.Sites {
		s.Function = "again" // names and fingerprints are told apart all the same
	}
	twice.Report.Errors = append(twice.Report.Errors, twice.Report.Errors...)
	evil := hostile()
	evil.Tool.Version = "1.0.0" // the only text that is ours
	return map[string]*Document{"sample": sample(t), "hostile": evil, "twice": twice, "empty": emptyDocument()}
}

// write prints each document in a format and returns the files.
func write(t *testing.T, name string) (files []string) {
	t.Helper()
	f, err := FormatByName(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var last []byte
	for doc, d := range documents(t) {
		for _, v := range []View{{}, {Check: true}} {
			var b bytes.Buffer
			if err := f.New(v).Write(&b, d); err != nil {
				t.Fatal(err)
			}
			if bytes.Equal(b.Bytes(), last) {
				continue // the format makes no difference
			}
			last = b.Bytes()
			file := filepath.Join(dir, fmt.Sprintf("%s-%v%s", doc, v.Check, f.Ext))
			if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
	}
	return files
}

// spoil writes a copy of a file with the last of some text replaced.
func spoil(t *testing.T, file, old, with string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	i := bytes.LastIndex(data, []byte(old))
	if i < 0 {
		t.Fatalf("%s has no %q", file, old)
	}
	bad := filepath.Join(t.TempDir(), "bad"+filepath.Ext(file))
	if err := os.WriteFile(bad, append(append(bytes.Clone(data[:i]), with...), data[i+len(old):]...), 0o666); err != nil {
		t.Fatal(err)
	}
	return bad
}

// The XML formats hold against their schemas.
func TestXMLSchemas(t *testing.T) {
	xmllint := tool(t, "xmllint", "libxml2-utils")
	valid := func(format, file string) error {
		out, err := exec.Command(xmllint, "--noout", "--schema", filepath.Join("testdata", "schema", format+".xsd"), file).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%v\n%s", err, out)
		}
		return nil
	}
	for format, fault := range map[string][2]string{"junit": {"failures=", "fails="}, "checkstyle": {`severity="`, `severity="very `}} {
		files := write(t, format)
		for _, f := range files {
			if err := valid(format, f); err != nil {
				t.Errorf("%s: %v", format, err)
			}
		}
		if valid(format, spoil(t, filepath.Join("testdata", "golden", "scan."+format+".xml"), fault[0], fault[1])) == nil {
			t.Errorf("%s: the schema takes %s", format, fault[1])
		}
	}
}

// The JSON formats hold against their schemas.
func TestJSONSchemas(t *testing.T) {
	node, dir := tool(t, "node", "nodejs"), consumers(t)
	const script = `const fs = require("fs"), Ajv = require("ajv");
const [schema, ...files] = process.argv.slice(1);
const valid = new Ajv({strict: false, allErrors: true}).compile(JSON.parse(fs.readFileSync(schema)));
for (const f of files)
	if (!valid(JSON.parse(fs.readFileSync(f)))) { console.log(f, JSON.stringify(valid.errors)); process.exitCode = 1; }`
	valid := func(schema string, files ...string) error {
		cmd := exec.Command(node, append([]string{"-e", script, "--", schema}, files...)...)
		cmd.Env = append(os.Environ(), "NODE_PATH="+dir)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%v\n%s", err, out)
		}
		return nil
	}
	for _, c := range []struct{ format, schema, golden, old, with string }{
		{"codequality", "testdata/schema/codequality.schema.json", "scan.codequality.json", `"minor"`, `"grave"`},
		{"rdjson", "testdata/schema/rdjson.schema.json", "scan.rdjson.json", `"line": `, `"line": -`},
		{"json", "../docs/report.schema.json", "scan.json", `"verdict": "`, `"verdict": "un`},
	} {
		if err := valid(c.schema, write(t, c.format)...); err != nil {
			t.Errorf("%s: %v", c.format, err)
		}
		if valid(c.schema, spoil(t, filepath.Join("testdata", "golden", c.golden), c.old, c.with)) == nil {
			t.Errorf("%s: the schema takes %s", c.format, c.with)
		}
	}
}

// GitLab keeps one of several issues with the same fingerprint.
func TestFingerprintsDiffer(t *testing.T) {
	for _, file := range write(t, "codequality") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var issues []codeIssue
		if err := json.Unmarshal(data, &issues); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, i := range issues {
			if seen[i.Fingerprint] {
				t.Errorf("%s: %s twice", filepath.Base(file), i.Fingerprint)
			}
			seen[i.Fingerprint] = true
		}
	}
}

// A reader of JUnit reports finds the cases and their outcomes.
func TestJUnitReader(t *testing.T) {
	node := tool(t, "node", "nodejs")
	reader, err := filepath.EvalSymlinks(filepath.Join(consumers(t), ".bin", "junit2json"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(node, reader, filepath.Join("testdata", "golden", "scan.junit.xml")).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Tests, Failures int
		Testsuite       []struct {
			Name     string
			Testcase []struct {
				Name             string
				Failure, Skipped []struct{ Message, Inner string }
			}
		}
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got.Tests != 8 || got.Failures != 3 || len(got.Testsuite) != 3 {
		t.Fatalf("read as %+v", got)
	}
	c := got.Testsuite[0].Testcase[0]
	if c.Name != "socket() in dial" || len(c.Failure) != 1 || !strings.HasPrefix(c.Failure[0].Inner, "src/net/client.c:19:23: error: ") {
		t.Errorf("the first case is read as %+v", c)
	}
}

// SARIF holds against the rules of the official validator.
func TestSARIFValidator(t *testing.T) {
	multitool := filepath.Join(consumers(t), "@microsoft", "sarif-multitool-linux", "Sarif.Multitool")
	if _, err := os.Stat(multitool); err != nil {
		t.Skip("the validator that npm installs is for Linux")
	}
	bad := spoil(t, filepath.Join("testdata", "golden", "scan.sarif"), `"startLine": `, `"startLine": -`)
	found := false
	for _, complaint := range validateSARIF(t, multitool, append(write(t, "sarif"), bad)) {
		if strings.HasSuffix(complaint, "/bad.sarif") {
			found = true
		} else {
			t.Error(complaint)
		}
	}
	if !found {
		t.Error("the validator takes a negative line")
	}
}

// validateSARIF returns the rules of the validator that the files break, those
// of errors and warnings.
func validateSARIF(t *testing.T, multitool string, files []string) (broken []string) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "validation.sarif")
	args := append([]string{"validate"}, files...)
	cmd := exec.Command(multitool, append(args, "--output", out, "--log", "ForceOverwrite", "--level", "Error;Warning", "--kind", "Fail", "--rule-kind", "Sarif")...)
	cmd.Env = append(os.Environ(), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1") // else it wants libicu
	if msg, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("%v\n%s", err, msg)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Results []struct {
				RuleID    string
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
		}
	}
	if err := json.Unmarshal(data, &log); err != nil || len(log.Runs) != 1 {
		t.Fatalf("no validation in %.200s: %v", data, err)
	}
	for _, r := range log.Runs[0].Results {
		where := ""
		if len(r.Locations) > 0 {
			where = r.Locations[0].PhysicalLocation.ArtifactLocation.URI
		}
		broken = append(broken, r.RuleID+" "+where)
	}
	return broken
}
