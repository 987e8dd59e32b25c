// Comfort on top of pages that work without it. Hooks: data-… attributes named beside each part.
const $ = (s, from = document) => from.querySelector(s);
const all = (s, from = document) => [...from.querySelectorAll(s)];
const on = (t, type, f) => t && t.addEventListener(type, f);

// Error summary: focus it, so that it is read first.
$(".errsum")?.focus();

// Double submit: a second press within ten seconds is dropped (the server is idempotent anyway).
on(document, "submit", (e) => {
  const f = e.target;
  if (f.dataset.sent && Date.now() - f.dataset.sent < 1e4) e.preventDefault();
  else f.dataset.sent = Date.now();
});
on(window, "pageshow", () => all("form").forEach((f) => delete f.dataset.sent));

// Session: show the banner two minutes before <body data-session-ends>; "Jatka asiointia" posts without leaving, and
// hands over the form that was typed into, so that it waits if it is never sent.
let typed;
on(document, "input", (e) => e.target.form?.method === "post" && e.target.closest("main") && (typed = e.target.form));
const bar = $("#session-warning");
let timer;
const watch = (ends) => {
  clearTimeout(timer);
  bar.hidden = true;
  timer = setTimeout(() => (bar.hidden = false), Math.min(Math.max(ends - Date.now() - 12e4, 0), 2e9));
};
if (bar && document.body.dataset.sessionEnds) {
  const form = $("form[data-extend]", bar);
  watch(Date.parse(document.body.dataset.sessionEnds));
  on(form, "submit", async (e) => {
    e.preventDefault();
    delete form.dataset.sent;
    try {
      const body = new FormData(form);
      if (typed) {
        body.set("open_path", new URL(typed.action).pathname);
        body.set("open_fields", new URLSearchParams([...new FormData(typed)].filter((f) => typeof f[1] === "string")));
      }
      const r = await fetch(document.body.dataset.extendUrl, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
      });
      if (!r.ok || r.redirected) throw r;
      const ends = Date.parse((await r.json()).session_ends);
      watch(ends);
      $("[data-last]", bar).hidden = ends - Date.now() > 12e4;
    } catch {
      $("[data-failed]", bar).hidden = false;
    }
  });
}

// Keys: Ctrl+Enter sends forms marked data-ctrl-enter; / finds the search, j and k walk [data-rows] links.
// Single keys never act inside a field and are off when <body data-keys="off">.
on(document, "keydown", (e) => {
  const form = e.target.closest?.("form[data-ctrl-enter]");
  if (form && e.key === "Enter" && (e.ctrlKey || e.metaKey)) return form.requestSubmit();
  if (e.key === "Escape") all("details.menu[open]").forEach((d) => ((d.open = false), $("summary", d).focus()));
  if (e.ctrlKey || e.metaKey || e.altKey || document.body.dataset.keys === "off") return;
  if (e.target.closest?.("input,textarea,select,[contenteditable]")) return;
  if (e.key === "/" && $("[data-search]")) {
    e.preventDefault();
    $("[data-search]").focus();
  }
  if (e.key === "j" || e.key === "k") {
    const rows = all("[data-rows] tbody th a");
    const at = rows.indexOf(document.activeElement);
    rows[e.key === "j" ? at + 1 : Math.max(at - 1, 0)]?.focus();
  }
});
on(document, "click", (e) => all("details.menu[open]").forEach((d) => d.contains(e.target) || (d.open = false)));

// Player: our controls over the browser's own, which stay where there is no script.
const clock = (s) => `${Math.floor(s / 60)}.${String(Math.floor(s % 60)).padStart(2, "0")}`;
all("[data-player]").forEach((box) => {
  const audio = $("audio", box);
  const seek = $(".seek", box);
  const play = $(".playbtn", box);
  const speeds = [1, 1.25, 1.5, 0.75];
  const total = +box.dataset.seconds;
  const draw = () => {
    const t = audio.currentTime;
    seek.value = t;
    seek.setAttribute("aria-valuetext", `${clock(t)} / ${clock(total)}`);
    $("[data-now]", box).textContent = clock(t);
    $("[data-played]", box)?.setAttribute("width", (640 * t) / total);
    $(".head", box)?.setAttribute("transform", `translate(${(640 * t) / total})`);
  };
  audio.controls = false;
  all("[hidden]", box).forEach((el) => (el.hidden = false));
  on(audio, "timeupdate", draw);
  on(audio, "error", () => (audio.controls = true));
  ["play", "pause"].forEach((n) => on(audio, n, () => play.setAttribute("aria-pressed", !audio.paused)));
  on(play, "click", () => (audio.paused ? audio.play() : audio.pause()));
  on(seek, "input", () => ((audio.currentTime = +seek.value), draw()));
  all("[data-skip]", box).forEach((b) => on(b, "click", () => ((audio.currentTime += +b.dataset.skip), draw())));
  on($("[data-speed]", box), "click", (e) => {
    audio.playbackRate = speeds[(speeds.indexOf(audio.playbackRate) + 1) % 4];
    e.currentTarget.lastChild.data = `${audio.playbackRate}×`.replace(".", ",");
  });
  draw();
});
