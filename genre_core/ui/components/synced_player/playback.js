// The sound: one <audio>, played on, or kept inside one frame.

const AT_END = 0.02; // s before a frame's end at which it is over: about one tick of the screen

// So long after its player left the page a sound goes on where another player of it comes.
const HANDOVER_MS = 15_000;

let leftBehind = { url: "", time: 0, until: 0 };

const playing = new Set(); // every Playback of this page: only one of them sounds at a time

class Playback {
  /**
   * @param {HTMLAudioElement} audio
   * @param {() => object} data  the song's data, as it is now
   * @param {() => void} onChange  called on every tick while it plays, and when anything changes
   */
  constructor(audio, data, onChange) {
    this.audio = audio;
    this.data = data;
    this.onChange = onChange;
    this.frame = -1; // the frame that playing stays in, -1 for the whole song
    this.repeats = false;
    this.isOn = false; // whether it should play
    this.tick = 0;
    this.listening = new AbortController();
    const options = { signal: this.listening.signal };
    audio.addEventListener("play", () => this.started(), options);
    // The browser also pauses what has left the page, before the player knows.
    audio.addEventListener("pause", () => (this.isOn &&= !audio.isConnected), options);
    audio.addEventListener("ended", () => (this.isOn = false), options);
    for (const name of ["pause", "ended", "seeked", "loadedmetadata"]) {
      audio.addEventListener(name, () => onChange(), options);
    }
    // Where the page is hidden there are no ticks, but this still comes.
    audio.addEventListener("timeupdate", () => this.keepInside(), options);
    // Another player of the page, which is none of ours.
    document.addEventListener("play", (event) => {
      if (event.target !== audio) this.pause();
    }, { ...options, capture: true });
    playing.add(this);
  }

  destroy() {
    const { src: url, currentTime: time } = this.audio;
    const sounded = this.isOn;
    this.pause();
    this.listening.abort();
    cancelAnimationFrame(this.tick);
    playing.delete(this);
    this.audio.removeAttribute("src");
    this.audio.load();
    if (!sounded) return;
    // A busy browser may make the new player before it takes leave of the old one.
    const heir = [...playing].find((other) => other.isUnused && other.audio.src === url);
    if (heir) heir.goOn(time);
    else leftBehind = { url, time, until: performance.now() + HANDOVER_MS };
  }

  load(url) {
    this.pause();
    this.frame = -1;
    this.audio.src = url;
    const { url: left, time, until } = leftBehind;
    leftBehind = { url: "", time: 0, until: 0 };
    if (left === url && performance.now() < until) this.goOn(time);
    else this.audio.currentTime = this.opening;
  }

  /** Second at which the first frame starts: what is before it is left out. */
  get start() {
    return this.data().frames.starts[0];
  }

  /** Second at which the sound begins. */
  get opening() {
    return this.data().at_seconds || this.start;
  }

  /** Play on what another player of the same sound played up to `time`. */
  goOn(time) {
    this.audio.currentTime = time;
    this.play();
  }

  get isUnused() {
    const { audio } = this;
    const { played, currentTime } = audio;
    return !this.isOn && audio.isConnected && played.length === 0 && currentTime === this.opening;
  }

  get time() {
    return Math.min(this.audio.currentTime, this.data().duration_seconds);
  }

  get isPlaying() {
    return !this.audio.paused && !this.audio.ended;
  }

  pause() {
    this.isOn = false;
    this.audio.pause();
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play(this.repeats ? this.frameHere() : -1);
  }

  /** Play on from here; inside `frame` where one is given. */
  play(frame = -1) {
    this.frame = frame;
    const { duration_seconds: duration, frames } = this.data();
    if (frame >= 0 && this.time >= frames.ends[frame] - AT_END) this.jump(frames.starts[frame]);
    else if (this.time >= duration - AT_END) this.jump(this.start);
    this.isOn = true; // from now on, though the browser may take its time
    // An error has its own event; else the browser forbids autoplay. Nothing to add.
    this.audio.play().catch(() => (this.isOn &&= !this.audio.isConnected));
  }

  /** Play one frame from its start; where it is playing already, pause it. */
  playFrame(frame) {
    if (this.isPlaying && this.frame === frame) {
      this.pause();
      return;
    }
    this.jump(this.data().frames.starts[frame]);
    this.play(frame);
  }

  setRepeats(repeats) {
    this.repeats = repeats;
    this.frame = repeats ? this.frameHere() : -1;
    this.onChange();
  }

  /** Go to a second of the song; a frame that was playing alone is left. */
  seek(time) {
    this.jump(time);
    const here = this.frameHere();
    if (this.repeats) this.frame = here;
    else if (here !== this.frame) this.frame = -1;
    this.onChange();
  }

  /** Go to the start of the next frame (+1), or of this one, or the one before (-1). */
  step(direction) {
    const { starts } = this.data().frames;
    const slack = this.isPlaying ? 1 : 0.05; // s: else the sound runs away from under the key
    const alone = this.frame >= 0;
    const target = direction > 0
      ? starts.findIndex((start) => start > this.time + 0.05)
      : starts.findLastIndex((start) => start < this.time - slack);
    if (target >= 0) this.jump(starts[target]);
    else if (direction < 0) this.jump(0);
    this.frame = alone || this.repeats ? this.frameHere() : -1;
    this.onChange();
  }

  frameHere() {
    return stretchAt(this.data().frames, this.time);
  }

  jump(time) {
    this.audio.currentTime = Math.min(Math.max(time, 0), this.data().duration_seconds);
  }

  keepInside() {
    const { frames } = this.data();
    if (this.frame < 0 || this.frame >= frames.ends.length || !this.isPlaying) return;
    const end = frames.ends[this.frame];
    if (this.audio.currentTime < end - AT_END) return;
    if (this.repeats) {
      this.jump(frames.starts[this.frame]);
      return;
    }
    this.frame = -1;
    this.pause();
    this.jump(end);
  }

  started() {
    this.isOn = true;
    for (const other of playing) if (other !== this) other.pause();
    for (const other of document.querySelectorAll("audio, video")) {
      if (other !== this.audio) other.pause();
    }
    cancelAnimationFrame(this.tick);
    const onTick = () => {
      this.keepInside();
      this.onChange();
      if (this.isPlaying) this.tick = requestAnimationFrame(onTick);
    };
    onTick();
  }
}
