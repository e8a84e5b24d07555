// The page's part: two seconds of sound at a time to the server, and its scores in large type.

const listeners = new WeakMap(); // the element Streamlit gives -> its Live
const MOST_SHOWN = 300; // scores in the strip: ten minutes

const IN_THE_WAY = {
  NotAllowedError:
    "The microphone is not allowed for this page. Allow it with the sign beside the page’s " +
    "address, or in the settings of the device, then press Listen live again.",
  NotFoundError: "There is no microphone. Connect one, then press Listen live again.",
  NotReadableError:
    "The microphone cannot be opened: perhaps another program uses it. Close that program, then " +
    "press Listen live again.",
  SecurityError:
    "Browsers allow the microphone only on pages with https:// or on this computer itself " +
    "(localhost).",
};

class Live {
  constructor(root) {
    this.root = root.querySelector(".live");
    this.runs = 0; // Streamlit's calls
    this.part = Object.fromEntries(
      ["listen", "to-full", "status", "heard", "now", "big", "share", "average", "strip", "trouble"]
        .map((name) => [name, this.root.querySelector(`.${name}`)]),
    );
    this.label = this.part.listen.querySelector("span");
    this.part.listen.addEventListener("click", () => (this.microphone ? this.stop() : this.start()));
    this.part["to-full"].addEventListener("click", () => this.turnFull());
    this.part.status.textContent = "The genre of what is playing, every two seconds.";
    this.onKey = (event) => event.key === "Escape" && this.leaveFull();
    this.onScreen = () => document.fullscreenElement || this.leaveFull();
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("fullscreenchange", this.onScreen);
  }

  destroy() {
    this.isGone = true;
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("fullscreenchange", this.onScreen);
    this.rest();
  }

  update(data, send) {
    this.data = data;
    this.send = send;
    const { answer } = data;
    if (!this.microphone || !answer || answer.number !== this.sent || !this.isWaiting) return;
    this.isWaiting = false;
    this.show(answer);
    this.hand();
  }

  async start() {
    this.complain("");
    this.part.listen.disabled = true;
    this.part.status.textContent = "Waiting for the microphone …";
    Object.assign(this, { pending: [], n: 0, sent: 0, isWaiting: false });
    this.part.strip.replaceChildren();
    try {
      const microphone = await Microphone.open(
        (block) => this.take(block),
        () => this.stop("The microphone went away. Connect it and press Listen live again."),
      );
      if (this.isGone) return microphone.close(); // left the page meanwhile
      this.microphone = microphone;
      this.root.classList.add("is-on");
      this.label.textContent = "Stop";
      this.part.heard.hidden = this.part["to-full"].hidden = false;
      this.say(null, "Listening …");
    } catch (error) {
      this.part.status.textContent = "";
      this.complain(
        IN_THE_WAY[error.name] ?? `The microphone cannot be used: ${error.message || error.name}.`,
      );
    } finally {
      this.part.listen.disabled = false;
    }
  }

  take(block) {
    if (!this.microphone) return;
    const { rate } = this.microphone;
    this.pending.push(block);
    this.n += block.length;
    // While the server is slow, only the last seconds wait: nothing else would be scored.
    const most = Math.ceil((this.data.kept_seconds * rate) / block.length);
    if (this.pending.length > most) this.pending.splice(0, this.pending.length - most);
    const seconds = Math.floor(this.n / rate);
    if (seconds !== this.second) {
      this.second = seconds;
      this.part.status.textContent =
        `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }
    if (seconds >= this.data.max_seconds) {
      this.stop(`It stops after ${this.data.max_seconds / 60} minutes. Press Listen live to go on.`);
    } else this.hand();
  }

  /** Hand over what came, once there are two seconds of it and the last answer is there. */
  async hand() {
    const { rate } = this.microphone;
    const length = this.pending.reduce((sum, block) => sum + block.length, 0);
    if (this.isWaiting || length < this.data.piece_seconds * rate) return;
    this.isWaiting = true;
    const blocks = this.pending.splice(0);
    const wav = await base64(wavFile(blocks, rate));
    if (!this.microphone) return;
    this.sent += 1;
    this.send({ number: this.sent, wav });
  }

  show({ scores, mean, genres, note }) {
    if (!scores) return this.say(null, note);
    const best = scores.indexOf(Math.max(...scores));
    const genre = genres[best];
    this.say(genre, "", scores[best]);
    const bar = document.createElement("i");
    bar.style.background = genre.colour;
    bar.style.height = `${Math.round(100 * scores[best])}%`;
    bar.title = `${genre.name} ${Math.round(100 * scores[best])} %`;
    this.part.strip.append(bar);
    if (this.part.strip.children.length > MOST_SHOWN) this.part.strip.firstChild.remove();
    const leading = mean.map((score, i) => ({ score, name: genres[i].name }))
      .sort((a, b) => b.score - a.score).slice(0, 3)
      .map(({ score, name }) => `${name} ${Math.round(100 * score)}\u00a0%`);
    this.part.average.textContent = `Average so far: ${leading.join(", ")}`;
  }

  say(genre, note, score) {
    this.part.now.style.background = genre?.colour ?? "";
    this.part.now.style.color = genre?.ink ?? "";
    this.part.big.textContent = genre?.name ?? "…";
    this.part.share.textContent = genre ? `${Math.round(100 * score)} %` : note;
  }

  stop(reason = "") {
    this.rest();
    this.send({ number: 0 }); // so the server forgets what it heard
    this.label.textContent = "Listen live";
    this.root.classList.remove("is-on");
    this.complain(reason);
  }

  rest() {
    this.microphone?.close();
    this.microphone = null;
  }

  complain(text) {
    this.part.trouble.textContent = text;
    this.part.trouble.hidden = !text;
  }

  async turnFull() {
    if (this.isFull) return this.leaveFull();
    this.isFull = true;
    this.root.classList.add("is-full");
    this.part["to-full"].textContent = "Leave the stage";
    const isOn = await this.root.requestFullscreen?.().then(() => true, () => false);
    if (!isOn && this.isFull) {
      this.root.popover = "manual"; // over everything else of the page
      this.root.showPopover?.();
    }
  }

  leaveFull() {
    if (!this.isFull) return;
    this.isFull = false;
    this.root.classList.remove("is-full");
    this.root.removeAttribute("popover");
    this.part["to-full"].textContent = "Stage";
    if (document.fullscreenElement) document.exitFullscreen();
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  let live = listeners.get(parentElement);
  if (!live) {
    live = new Live(parentElement);
    listeners.set(parentElement, live);
  }
  live.update(data, (piece) => setTriggerValue("piece", piece));
  live.runs += 1;
  const run = live.runs;
  return () => {
    // Streamlit also ends a run that newer data overtook while this script was loading.
    if (run !== live.runs) return;
    listeners.delete(parentElement);
    live.destroy();
  };
}
