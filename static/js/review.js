// The listening page's waveform. Whatever is marked here, by mouse or by key, is written into the table's own fields:
// the form below is the truth, and it works without this script.
import WaveSurfer from "/static/vendor/wavesurfer/wavesurfer.esm.js";
import Regions from "/static/vendor/wavesurfer/regions.esm.js";

const $ = (s, from = document) => from.querySelector(s);
const box = $("[data-review]");
const audio = $("[data-player] audio");
const body = $(".spans tbody");
const editable = !!$("template[data-blank]");
const rows = () => [...body.querySelectorAll("[data-row]")];
const field = (row, name) => $(`[name=${name}]`, row);
const total = +box.dataset.seconds;

const written = (s) => {
  const all = Math.round(Math.min(Math.max(s, 0), total) * 100);
  const two = (n) => String(n).padStart(2, "0");
  const m = Math.floor(all / 6000);
  const head = m > 59 ? `${Math.floor(m / 60)}.${two(m % 60)}` : `${m}`;
  return `${head}.${two(Math.floor((all % 6000) / 100))},${two(all % 100)}`;
};
const seconds = (text) => {
  const found = /^(?:(?:(\d{1,2})[.:])?(\d{1,3})[.:])?(\d{1,5})(?:,(\d{1,3}))?$/.exec((text || "").trim());
  return found ? (+found[1] || 0) * 3600 + (+found[2] || 0) * 60 + +found[3] + +`0.${found[4] || 0}` : NaN;
};
const tell = (text, values = {}) =>
  ($("[data-told]", box).textContent = text.replace(/\{(\w+)\}/g, (_all, name) => values[name]));
const span = (row) => {
  const get = (name) => (editable ? field(row, name)?.value : row.dataset[name]);
  return { begin: seconds(get("begin")), end: seconds(get("end")), channel: get("channel") };
};

const regions = Regions.create();
let turns = [];
let pending = null;
let offered = null;
let last = null;

// Nothing is fetched before somebody plays or seeks, for what is fetched is recorded as heard.
let aim = null;
const now = () => aim ?? audio.currentTime;
const seek = (to) => {
  const at = Math.min(Math.max(to, 0), total);
  if (audio.readyState && aim === null) return (audio.currentTime = at);
  if (aim === null) {
    audio.preload = "metadata";
    audio.load();
  }
  aim = at;
};
audio.addEventListener("loadedmetadata", () => {
  if (aim !== null) audio.currentTime = aim;
  aim = null;
});

const draw = () => {
  regions.clearRegions();
  turns.forEach(([channelIdx, start, end], i) =>
    regions.addRegion({ id: `turn-${i}`, start, end, channelIdx, drag: false, resize: false, color: "rgba(20,80,150,.12)" }),
  );
  rows().forEach((row, i) => {
    const { begin, end, channel } = span(row);
    if (!(end > begin)) return;
    const only = channel ? { channelIdx: +channel } : {};
    const color = "rgba(30,40,55,.45)";
    regions.addRegion({ id: `row-${i}`, start: begin, end, color, drag: editable, resize: editable, ...only });
  });
};
const blank = () => rows().find((row) => !field(row, "begin").value && !field(row, "end").value);
const grow = () => {
  const html = $("template[data-blank]").innerHTML;
  const n = rows().length;
  const holder = document.createElement("tbody");
  holder.innerHTML = html.replaceAll("__i__", n).replaceAll("__n__", n + 1);
  body.append(holder.firstElementChild);
};
const add = (from, to) => {
  const [a, b] = [written(Math.min(from, to)), written(Math.max(from, to))];
  if (!blank()) grow();
  last = blank();
  field(last, "begin").value = a;
  field(last, "end").value = b;
  if (!blank()) grow();
  const ground = field(last, "ground");
  if (ground.options.length === 2) ground.selectedIndex = 1; // one ground: nothing to choose
  tell(box.dataset.marked, { a, b });
  draw();
  ground.focus();
};

const acts = {
  play: () => (audio.paused ? audio.play() : audio.pause()),
  back: () => seek(now() - 5),
  on: () => seek(now() + 5),
  mark: () => {
    if (pending === null) {
      pending = now();
      return tell(box.dataset.mark, { at: written(pending) });
    }
    const from = pending;
    pending = null;
    if (now() !== from) add(from, now());
  },
  next: () => {
    offered = turns.find(([, begin]) => begin > (offered ? offered[1] : now() - 0.01)) || null;
    const take = $("[data-do=take]", box);
    if (take) take.hidden = !offered;
    if (!offered) return;
    seek(offered[1]);
    tell(box.dataset[`turn${offered[0]}`] || box.dataset.turn, { a: written(offered[1]), b: written(offered[2]) });
  },
  take: () => {
    if (!offered) return;
    add(offered[1], offered[2]);
    $("[data-do=take]", box).hidden = true;
  },
  nudge: (by) => {
    if (!last) return;
    field(last, "end").value = written(seconds(field(last, "end").value) + by);
    draw();
  },
  hear: (link) => {
    if (!link) return;
    const heard = $("[data-heard]", box);
    heard.hidden = false;
    audio.pause();
    heard.src = link.href;
    heard.play();
  },
};
const KEYS = { " ": "play", ArrowLeft: "back", ArrowRight: "on", n: "next" };
const EDIT = { m: "mark", h: "take", ",": "nudge", ".": "nudge" };

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || document.body.dataset.keys === "off") return;
  if (e.target.closest?.("input,textarea,select,[contenteditable]")) return;
  if (e.key === " " && e.target.closest?.("button,a,summary,audio")) return;
  const key = e.key.length > 1 ? e.key : e.key.toLowerCase();
  const name = KEYS[key] || (editable && EDIT[key]) || (key === "p" && "hear");
  if (!name) return;
  e.preventDefault();
  if (name === "nudge") acts.nudge(key === "," ? -0.1 : 0.1);
  else if (name === "hear") acts.hear([...box.querySelectorAll("[data-hear]")].at(-1));
  else acts[name]();
});
box.addEventListener("click", (e) => {
  const button = e.target.closest("[data-do]");
  const link = e.target.closest("[data-hear]");
  if (button) acts[button.dataset.do]();
  if (link) {
    e.preventDefault();
    acts.hear(link);
  }
});
body.addEventListener("input", (e) => {
  last = e.target.closest("[data-row]");
  draw();
});

const show = async () => {
  const answer = await fetch(box.dataset.picture, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) return;
  const found = await answer.json();
  if (!found.channels.length) return;
  const place = $("[data-wave]", box);
  place.hidden = false;
  turns = found.turns;
  const caller = +(box.dataset.caller || 0);
  const wave = WaveSurfer.create({
    container: place,
    media: audio,
    peaks: found.channels.map((one) => one.map((height) => height / 100)),
    duration: total,
    height: 136 / found.channels.length,
    splitChannels: found.channels.map((_one, i) => ({ waveColor: i !== caller ? "#6b7280" : "#1b5291", progressColor: i !== caller ? "#374151" : "#0f3a6b" })),
    cursorColor: "#b91c1c",
    cspNonce: $("script[nonce]").nonce,
    plugins: [regions],
    hideScrollbar: true,
  });
  $("[data-player] .wf")?.setAttribute("hidden", "");
  $("[data-tools]", box).hidden = false;
  $("[data-keys-help]", box).hidden = false;
  wave.on("ready", draw);
  if (!editable) return;
  regions.enableDragSelection({ color: "rgba(30,40,55,.45)" });
  regions.on("region-updated", (region) => {
    const at = /^row-(\d+)$/.exec(region.id);
    if (at) {
      last = rows()[+at[1]];
      field(last, "begin").value = written(region.start);
      field(last, "end").value = written(region.end);
    }
  });
  regions.on("region-created", (region) => {
    if (!/^(row|turn)-/.test(region.id)) setTimeout(() => add(region.start, region.end)); // drawn with the mouse
  });
};
show();
