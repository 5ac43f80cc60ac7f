"use strict";
(function () {
  const $ = (id) => document.getElementById(id);
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const sites = all(".site"), boxes = all("input[name=verdict]"), rows = all("button.folder");

  // The filters are kept in the address, so that a view can be linked to.
  function store() {
    const p = new URLSearchParams();
    p.set("verdict", boxes.filter((b) => b.checked).map((b) => b.value).join(","));
    for (const id of ["rule", "folder", "find"]) if ($(id).value) p.set(id, $(id).value);
    if ($("sort").value !== "path") p.set("sort", $("sort").value);
    history.replaceState(null, "", "#" + p.toString());
  }

  function restore() {
    const hash = location.hash.slice(1);
    if (/^(site|rule)-/.test(hash)) { show(decodeURIComponent(hash)); return; }
    if (!hash.includes("verdict=")) return;
    const p = new URLSearchParams(hash);
    const on = (p.get("verdict") || "").split(",");
    boxes.forEach((b) => { b.checked = on.includes(b.value); });
    for (const id of ["rule", "folder", "find"]) $(id).value = p.get(id) || "";
    $("sort").value = p.get("sort") || "path";
  }

  // show opens what an address names, whatever the filters hide.
  function show(id) {
    const el = $(id);
    if (!el) return;
    if (el.dataset.verdict) {
      boxes.forEach((b) => { b.checked = b.checked || b.value === el.dataset.verdict; });
      for (const id of ["rule", "folder", "find"]) $(id).value = "";
    }
    el.open = true;
    setTimeout(() => { el.scrollIntoView(); el.querySelector("summary").focus({ preventScroll: true }); }, 0);
  }

  function filter() {
    const on = {};
    boxes.forEach((b) => { on[b.value] = b.checked; });
    const rule = $("rule").value, folder = $("folder").value, find = $("find").value.trim().toLowerCase();
    let n = 0;
    for (const s of sites) {
      const d = s.dataset;
      const ok = on[d.verdict] && (!rule || d.rules.split(" ").includes(rule)) && (!folder || d.folder === folder) &&
        (!find || d.text.includes(find));
      s.hidden = !ok;
      if (ok) n++;
    }
    all("section.file").forEach((f) => { f.hidden = !f.querySelector(".site:not([hidden])"); });
    rows.forEach((r) => { r.setAttribute("aria-pressed", String(r.dataset.folder === folder)); });
    $("shown").textContent = n;
    $("none").hidden = n > 0;
  }

  // sort orders folders and files: by path as they came, or those with most
  // missing sites, then most sites, first.
  const came = new Map([...rows, ...all("section.file")].map((e, i) => [e, i]));
  function sort() {
    const count = $("sort").value === "count";
    for (const [list, into] of [[rows, $("folders")], [all("section.file"), $("sites")]]) {
      list.slice().sort((a, b) => count && (b.dataset.missing - a.dataset.missing || b.dataset.total - a.dataset.total) ||
        came.get(a) - came.get(b)).forEach((e) => into.appendChild(e));
    }
  }

  function changed() { filter(); sort(); store(); }

  $("filters").addEventListener("change", changed);
  $("find").addEventListener("input", changed);
  $("all").addEventListener("click", () => {
    boxes.forEach((b) => { b.checked = true; });
    for (const id of ["rule", "folder", "find"]) $(id).value = "";
    changed();
  });
  rows.forEach((r) => {
    r.addEventListener("click", () => {
      $("folder").value = $("folder").value === r.dataset.folder ? "" : r.dataset.folder;
      changed();
    });
  });

  const visible = () => sites.filter((s) => !s.hidden).sort((a, b) => a.compareDocumentPosition(b) & 4 ? -1 : 1);

  function expand() {
    const open = $("expand").getAttribute("aria-pressed") !== "true";
    visible().forEach((s) => { s.open = open; });
    $("expand").setAttribute("aria-pressed", String(open));
    $("expand").textContent = open ? "collapse all" : "expand all";
  }
  $("expand").addEventListener("click", expand);

  // One stop of a chain is open at a time; the arrow keys walk along it.
  document.addEventListener("click", (e) => {
    const b = e.target.closest && e.target.closest("button.step");
    if (!b) return;
    const open = b.getAttribute("aria-expanded") === "true";
    all("button.step", b.closest(".chain")).forEach((o) => {
      const on = o === b && !open;
      o.setAttribute("aria-expanded", String(on));
      $(o.getAttribute("aria-controls")).hidden = !on;
    });
  });

  function step(b, by) {
    const steps = all("button.step", b.closest(".chain"));
    const next = steps[steps.indexOf(b) + by];
    if (!next) return false;
    next.focus();
    if (next.getAttribute("aria-expanded") !== "true") next.click();
    return true;
  }

  function move(by) {
    const list = visible(), here = document.activeElement && document.activeElement.closest(".site");
    const i = list.indexOf(here);
    const next = list[i < 0 ? (by > 0 ? 0 : list.length - 1) : i + by];
    if (!next) return;
    next.scrollIntoView();
    next.querySelector("summary").focus({ preventScroll: true });
  }

  document.addEventListener("keydown", (e) => {
    const at = document.activeElement;
    if (at && at.classList.contains("step") && (e.key === "ArrowDown" || e.key === "ArrowUp")) {
      if (step(at, e.key === "ArrowDown" ? 1 : -1)) e.preventDefault();
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || at && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName) && at.type !== "checkbox") return;
    const keys = { j: () => move(1), k: () => move(-1), e: expand, "/": () => $("find").focus() };
    if (!keys[e.key]) return;
    e.preventDefault();
    keys[e.key]();
  });

  // Copying: browsers refuse the clipboard to some pages opened from disk.
  function copy(text) {
    const old = () => {
      const t = document.createElement("textarea");
      t.value = text;
      document.body.appendChild(t);
      t.select();
      const ok = document.execCommand("copy");
      t.remove();
      return ok ? Promise.resolve() : Promise.reject();
    };
    return navigator.clipboard ? navigator.clipboard.writeText(text).catch(old) : old();
  }
  document.addEventListener("click", (e) => {
    const b = e.target.closest && e.target.closest("button[data-copy]");
    if (!b) return;
    const site = b.closest(".site"), said = site.querySelector(".actions [role=status]");
    const text = {
      link: () => location.href.split("#")[0] + "#" + encodeURIComponent(site.id),
      patch: () => site.querySelector(".diff").textContent,
      command: () => b.dataset.command,
    }[b.dataset.copy]();
    copy(text).then(() => { said.textContent = "copied"; }, () => { said.textContent = "the browser refuses to copy"; });
  });

  // The theme follows the system until one is chosen; the choice is kept where
  // the browser allows.
  const themes = ["auto", "light", "dark"];
  const kept = { get() { try { return localStorage.getItem("theme"); } catch (e) { return null; } },
    set(t) { try { localStorage.setItem("theme", t); } catch (e) { /* for this page only */ } } };
  function theme(t) {
    document.documentElement.dataset.theme = t;
    $("theme").textContent = "theme: " + t;
  }
  $("theme").hidden = false;
  $("theme").addEventListener("click", () => {
    const t = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length];
    kept.set(t);
    theme(t);
  });
  theme(themes.includes(kept.get()) ? kept.get() : "auto");

  // An anchor is scrolled to below the bar, whatever its height.
  const bar = () => {
    const sticky = getComputedStyle($("filters")).position === "sticky";
    document.documentElement.style.setProperty("--bar", (sticky ? $("filters").offsetHeight : 0) + "px");
  };
  new ResizeObserver(bar).observe($("filters"));
  bar();

  window.addEventListener("hashchange", () => { restore(); filter(); sort(); });
  restore();
  filter();
  sort();
})();
