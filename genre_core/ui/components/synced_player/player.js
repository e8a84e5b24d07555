// The page's part: what is pressed and shown. Foreign text goes in as text only.

const players = new WeakMap(); // the element Streamlit gives -> its Player
const shown = new Set(); // every Player of the page
let lastUsed = null; // the Player that keys pressed elsewhere are for, where there are several
const DRAG_PIXELS = 6; // a finger that moved less has tapped

class Player {
  constructor(root) {
    this.root = root.querySelector(".player");
    this.runs = 0; // Streamlit's calls for this player
    const find = (selector) => this.root.querySelector(selector);
    this.part = Object.fromEntries(
      ["play", "now", "of", "where", "leading", "repeat", "stage", "ghost", "playhead", "tip",
        "frames", "trouble", "summary"].map((name) => [name, find(`.${name}`)]),
    );
    this.canvas = find("canvas");
    this.rows = find("tbody");
    this.playback = new Playback(find("audio"), () => this.data, () => this.show());
    this.listening = new AbortController();
    this.full = new FullView(this);
    this.marks = new MarkRow(this);
    this.listen();
    this.resizes = new ResizeObserver(() => this.draw());
    this.resizes.observe(this.part.stage);
    shown.add(this);
  }

  destroy() {
    shown.delete(this);
    if (lastUsed === this) lastUsed = null;
    this.full.destroy();
    this.resizes.disconnect();
    this.listening.abort();
    this.playback.destroy();
  }

  /** Take the song's data; called again with whatever changed, which never stops the sound. */
  update(data, report) {
    const before = this.data;
    this.data = data;
    this.report = report;
    if (data.sound_url !== before?.sound_url) {
      this.part.trouble.hidden = true;
      this.playback.load(addressOf(data.sound_url));
    }
    if (JSON.stringify(data.frames) !== JSON.stringify(before?.frames)) this.listFrames();
    this.root.setAttribute("aria-label", `Player: ${data.title}`);
    this.part.summary.textContent = data.summary;
    this.part.of.textContent = `/ ${clockText(data.duration_seconds)}`;
    this.part.stage.setAttribute("aria-valuemax", data.duration_seconds.toFixed(1));
    this.drawn = null;
    this.shown = {};
    this.full.update(data, before === undefined);
    this.marks.update(data.marks);
    this.draw();
  }

  listen() {
    const { part, playback } = this;
    const on = (target, name, handle) =>
      target.addEventListener(name, handle, { signal: this.listening.signal });
    on(part.play, "click", () => playback.toggle());
    on(part.repeat, "click", () => playback.setRepeats(!playback.repeats));
    on(part.frames, "click", (event) => {
      const button = event.target.closest("button");
      if (button) playback.playFrame(Number(button.dataset.frame));
    });
    this.full.listen(on);
    this.marks.listen(on);
    listenToKeys(this, on, () => shown.size === 1 || lastUsed === this);
    const use = () => (lastUsed = this);
    for (const name of ["pointerdown", "focusin"]) on(this.root, name, use);
    on(playback.audio, "play", use);
    // A button elsewhere on the page: see components/play_frame.
    on(document, "play-frame", ({ detail }) => {
      if (detail.player === this.data.key) playback.playFrame(detail.frame);
    });
    on(playback.audio, "error", () => this.cannotPlay());
    this.listenToPointer(on);
  }

  listenToPointer(on) {
    const { stage } = this.part;
    const seconds = (event) => {
      const x = event.clientX - stage.getBoundingClientRect().left - this.box.left;
      return (Math.min(Math.max(x, 0), this.box.plot) / this.box.plot) * this.data.axis_seconds;
    };
    let drag = null; // {x, isMoving}: the pointer that is down
    on(stage, "pointerdown", (event) => {
      if (event.button !== 0) return;
      stage.setPointerCapture(event.pointerId);
      drag = { x: event.clientX, isMoving: event.pointerType === "mouse" };
      if (drag.isMoving) this.playback.seek(seconds(event));
    });
    on(stage, "pointermove", (event) => {
      if (drag && Math.abs(event.clientX - drag.x) > DRAG_PIXELS) drag.isMoving = true;
      if (drag?.isMoving) this.playback.seek(seconds(event));
      if (event.pointerType === "mouse") this.point(seconds(event));
    });
    on(stage, "pointerup", (event) => {
      if (drag) this.playback.seek(seconds(event));
      drag = null;
    });
    // The finger turned out to scroll the page.
    on(stage, "pointercancel", () => (drag = null));
    on(stage, "pointerleave", () => this.point(null));
  }

  frameButton(index) {
    return this.part.frames.children[index];
  }

  cannotPlay() {
    const { trouble } = this.part;
    if (!this.playback.audio.getAttribute("src")) return;
    trouble.textContent = "This browser cannot play the file as it is.";
    trouble.hidden = false;
    this.report("unplayable", this.data.sound_url);
  }

  /** Make the frames' buttons and, for screen readers, their table. */
  listFrames() {
    const { frames } = this.data;
    const buttons = frames.starts.map((_, index) => this.makeButton(index));
    const rows = frames.starts.map((_, index) => this.makeRow(index));
    this.part.frames.replaceChildren(...buttons);
    this.rows.replaceChildren(...rows);
  }

  makeButton(index) {
    const { frames } = this.data;
    const button = document.createElement("button");
    const code = document.createElement("span");
    button.type = "button";
    button.dataset.frame = index;
    button.tabIndex = -1;
    let best = "silent";
    if (frames.silent[index]) code.textContent = "silent";
    else if (!isScored(this.data)) code.textContent = best = "…";
    else {
      const { genre, score } = leadingGenres(this.data, frames, index, 1)[0];
      code.textContent = genre.code;
      code.style.background = genre.colour;
      code.style.color = genre.ink;
      best = `${genre.name} ${percentText(score)}`;
    }
    button.append(String(index + 1), code);
    button.title = `Play ${frameName(this.data, index)}: ${best}`;
    button.setAttribute("aria-label", button.title);
    return button;
  }

  makeRow(index) {
    const { frames } = this.data;
    const row = document.createElement("tr");
    const cells = [String(index + 1), clockText(frames.starts[index]),
      clockText(frames.ends[index])];
    if (frames.silent[index]) cells.push("silent");
    else if (isScored(this.data)) {
      for (const { genre, score } of leadingGenres(this.data, frames, index, 2)) {
        cells.push(genre.name, percentText(score));
      }
    }
    for (const text of cells) row.insertCell().textContent = text;
    return row;
  }

  draw() {
    const { stage } = this.part;
    const width = stage.clientWidth;
    if (!this.data || width === 0) return;
    const theme = getComputedStyle(this.root);
    const value = (name) => theme.getPropertyValue(name).trim();
    const as = [this.data, width, window.devicePixelRatio, value("--st-background-color"),
      this.full.isOn && stage.clientHeight];
    if (this.drawn?.every((one, i) => one === as[i])) return;
    this.drawn = as;
    if (this.full.isOn) stage.style.height = "";
    this.box = this.full.isOn
      ? this.full.layout(stage, this.data)
      : stageLayout(width, this.data.windows !== null, this.data.sections.length > 0);
    if (!this.full.isOn) stage.style.height = `${this.box.height}px`;
    this.marks.place(this.box, this.data.axis_seconds);
    const text = value("--st-text-color");
    const ink = {
      text,
      background: value("--st-background-color"),
      font: theme.fontFamily,
      line: "rgba(138, 143, 152, 0.25)",
      edge: "rgba(138, 143, 152, 0.9)",
      wave: (colour) => mixed(colour, text, 0.3),
    };
    if (this.full.isOn) this.full.draw(this.canvas, this.data, this.box, ink);
    else drawStage(this.canvas, this.data, this.box, ink);
    this.show();
  }

  /** Show where the sound is. Called on every tick: what did not change is not touched. */
  show() {
    if (!this.data || !this.box) return;
    const { part, playback, box } = this;
    const { time } = playback;
    const x = box.left + (time / this.data.axis_seconds) * box.plot;
    part.playhead.style.transform = `translateX(${x.toFixed(2)}px)`;
    const moment = momentAt(this.data, time);
    this.once("moment", moment.key, () => this.showMoment(moment));
    this.once("second", `${Math.round(time)} ${moment.key}`, () => {
      part.now.textContent = clockText(time);
      const [first] = moment.leading;
      const best = first ? `${first.genre.name} ${percentText(first.score)}` : moment.note;
      part.stage.setAttribute("aria-valuenow", time.toFixed(1));
      part.stage.setAttribute("aria-valuetext",
        `${clockText(time)} of ${clockText(this.data.duration_seconds)}, ${moment.where}, ${best}`);
    });
    this.full.show(time);
    this.once("playing", playback.isPlaying, (is) => {
      this.root.classList.toggle("is-playing", is);
      part.play.setAttribute("aria-label", is ? "Pause" : "Play");
    });
    this.once("repeats", playback.repeats, (is) => part.repeat.setAttribute("aria-pressed", is));
    this.once("here", playback.frameHere(), (frame) => this.markHere(frame));
    const alone = playback.isPlaying ? playback.frame : -1;
    this.once("alone", alone, (frame) => {
      part.frames.querySelector(".sounds")?.classList.remove("sounds");
      this.frameButton(frame)?.classList.add("sounds");
    });
  }

  once(name, value, change) {
    if (this.shown[name] === value) return;
    this.shown[name] = value;
    change(value);
  }

  showMoment(moment) {
    this.part.where.textContent = moment.note ? `${moment.where}: ${moment.note}` : moment.where;
    this.part.leading.replaceChildren(...moment.leading.map(({ genre, score }) => {
      const item = document.createElement("li");
      const spot = document.createElement("i");
      spot.style.background = genre.colour;
      item.append(spot, `${genre.name} ${percentText(score)}`);
      return item;
    }));
  }

  markHere(frame) {
    const { frames } = this.part;
    frames.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const stop = this.frameButton(Math.max(frame, 0));
    frames.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    stop.tabIndex = 0;
    const button = this.frameButton(frame);
    if (!button) return;
    button.setAttribute("aria-current", "true");
    // Only this row: scrollIntoView would also move the page.
    const middle = button.offsetLeft + button.offsetWidth / 2; // .frames is the offset parent
    frames.scrollLeft = middle - frames.clientWidth / 2;
  }

  /** Show what is under the mouse, without going there; null where it left. */
  point(time) {
    const { ghost, tip, stage } = this.part;
    ghost.hidden = tip.hidden = time === null;
    if (time === null) return;
    const x = this.box.left + (time / this.data.axis_seconds) * this.box.plot;
    ghost.style.transform = `translateX(${x}px)`;
    const moment = momentAt(this.data, time);
    const lines = moment.leading.map(({ genre, score }) => `${genre.name} ${percentText(score)}`);
    const head = `${clockText(time)} · ${moment.where}`;
    const played = sectionAt(this.data, time)?.name ?? [];
    tip.textContent = [head].concat(played, moment.note ? [moment.note] : lines).join("\n");
    const onLeft = x + tip.offsetWidth + 14 > stage.clientWidth;
    tip.style.transform = `translateX(${onLeft ? x - tip.offsetWidth - 12 : x + 12}px)`;
  }
}

/** A file's address: relative to the page, for the app may lie under any path of its server. */
function addressOf(url) {
  return new URL(url.startsWith("/") ? `.${url}` : url, document.baseURI).href;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let player = players.get(parentElement);
  if (!player) {
    player = new Player(parentElement);
    players.set(parentElement, player);
  }
  player.update(data, setTriggerValue);
  player.runs += 1;
  const run = player.runs;
  return () => {
    // Streamlit also ends a run that newer data overtook while this script was loading.
    if (run !== player.runs) return;
    player.destroy();
    players.delete(parentElement);
  };
}
