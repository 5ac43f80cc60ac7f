"use strict";
(function () {
  var $ = function (id) { return document.getElementById(id); };
  var sites = Array.prototype.slice.call(document.querySelectorAll(".site"));
  var boxes = Array.prototype.slice.call(document.querySelectorAll("input[name=verdict]"));
  var rows = Array.prototype.slice.call(document.querySelectorAll("button.folder"));

  // The filters are kept in the address, so that a view can be linked to.
  function store() {
    var p = new URLSearchParams();
    p.set("verdict", boxes.filter(function (b) { return b.checked; }).map(function (b) { return b.value; }).join(","));
    if ($("rule").value) p.set("rule", $("rule").value);
    if ($("folder").value) p.set("folder", $("folder").value);
    if ($("find").value) p.set("find", $("find").value);
    history.replaceState(null, "", "#" + p.toString());
  }

  function restore() {
    var hash = location.hash.slice(1);
    if (hash.indexOf("site-") === 0) { show(decodeURIComponent(hash)); return; }
    if (hash.indexOf("verdict=") < 0) return;
    var p = new URLSearchParams(hash);
    var on = (p.get("verdict") || "").split(",");
    boxes.forEach(function (b) { b.checked = on.indexOf(b.value) >= 0; });
    $("rule").value = p.get("rule") || "";
    if ($("folder")) $("folder").value = p.get("folder") || "";
    $("find").value = p.get("find") || "";
  }

  function show(id) {
    var el = document.getElementById(id);
    if (!el) return;
    boxes.forEach(function (b) { b.checked = b.checked || b.value === el.dataset.verdict; });
    el.open = true;
    setTimeout(function () { el.scrollIntoView(); }, 0);
  }

  function filter() {
    var on = {};
    boxes.forEach(function (b) { on[b.value] = b.checked; });
    var rule = $("rule").value, folder = $("folder").value, find = $("find").value.trim().toLowerCase(), n = 0;
    sites.forEach(function (s) {
      var d = s.dataset;
      var ok = on[d.verdict] && (!rule || d.rules.split(" ").indexOf(rule) >= 0) && (!folder || d.folder === folder) &&
        (!find || d.text.indexOf(find) >= 0);
      s.hidden = !ok;
      if (ok) n++;
    });
    document.querySelectorAll("section.file").forEach(function (f) { f.hidden = !f.querySelector(".site:not([hidden])"); });
    rows.forEach(function (r) { r.setAttribute("aria-pressed", String(r.dataset.folder === folder)); });
    $("shown").textContent = n;
    $("none").hidden = n > 0;
  }

  function changed() { filter(); store(); }

  $("filters").addEventListener("change", changed);
  $("find").addEventListener("input", changed);
  $("all").addEventListener("click", function () {
    boxes.forEach(function (b) { b.checked = true; });
    $("rule").value = ""; $("folder").value = ""; $("find").value = "";
    changed();
  });
  rows.forEach(function (r) {
    r.addEventListener("click", function () {
      $("folder").value = $("folder").value === r.dataset.folder ? "" : r.dataset.folder;
      changed();
    });
  });

  // One stop of a chain is open at a time; the arrow keys walk along it.
  document.addEventListener("click", function (e) {
    var b = e.target.closest && e.target.closest("button.step");
    if (!b) return;
    var open = b.getAttribute("aria-expanded") === "true";
    b.closest(".chain").querySelectorAll("button.step").forEach(function (o) {
      var on = o === b && !open;
      o.setAttribute("aria-expanded", String(on));
      document.getElementById(o.getAttribute("aria-controls")).hidden = !on;
    });
  });
  document.addEventListener("keydown", function (e) {
    var b = document.activeElement;
    if (!b || !b.classList.contains("step") || (e.key !== "ArrowDown" && e.key !== "ArrowUp")) return;
    var all = Array.prototype.slice.call(b.closest(".chain").querySelectorAll("button.step"));
    var next = all[all.indexOf(b) + (e.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    e.preventDefault();
    next.focus();
    if (next.getAttribute("aria-expanded") !== "true") next.click();
  });

  window.addEventListener("hashchange", function () { restore(); filter(); });
  restore();
  filter();
})();
