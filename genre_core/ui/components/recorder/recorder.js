// The page's part: the button, the clock, the level and plain words where something is wrong.

const recorders = new WeakMap(); // the element Streamlit gives -> its Recorder
const FLOOR_DB = -60;
const QUIET_DB = -40; // a recording that never gets louder is hard to judge
const FULL_SCALE = 0.99;
const PEAK_FALL_DB = 1; // the peak mark falls so much a block

const TROUBLES = {
  NotAllowedError:
    "The microphone is not allowed for this page. Allow it with the sign beside the page’s " +
    "address, or in the settings of the device, then press Record again.",
  NotFoundError: "There is no microphone. Connect one, then press Record again.",
  NotReadableError:
    "The microphone cannot be opened: perhaps another program uses it. Close that program, then " +
    "press Record again.",
  SecurityError:
    "Browsers allow the microphone only on pages with https:// or on this computer itself " +
    "(localhost). Record with another app and choose the file instead.",
};

class Recorder {
  constructor(root) {
    this.root = root.querySelector(".recorder");
    this.runs = 0; // Streamlit's calls for this recorder
    this.part = Object.fromEntries(
      ["record", "clock", "status", "meter", "level", "peak", "trouble"].map((name) => [
        name,
        root.querySelector(`.${name}`),
      ]),
    );
    this.label = this.part.record.querySelector("span");
    this.part.record.addEventListener("click", () => this.press());
  }

  update(data, send) {
    this.limits = data;
    this.send = send;
    if (!this.microphone) this.say(`Best ${data.good_seconds} seconds or more.`);
  }

  destroy() {
    this.isGone = true;
    this.microphone?.close();
  }

  async press() {
    if (this.microphone) {
      await this.stop();
    } else {
      await this.start();
    }
  }

  async start() {
    this.complain("");
    this.part.record.disabled = true;
    this.say("Waiting for the microphone …");
    this.part.clock.textContent = "0:00";
    this.blocks = [];
    this.n = 0;
    this.loudest = 0;
    this.peakDb = FLOOR_DB;
    try {
      const microphone = await Microphone.open(
        (block) => this.take(block),
        () => this.lost(),
      );
      if (this.isGone) return microphone.close(); // left the page meanwhile
      this.microphone = microphone;
      this.root.classList.add("is-recording");
      this.label.textContent = "Stop";
      const { treatments } = microphone;
      if (treatments.length) {
        this.complain(
          `This browser keeps its ${treatments.join(" and ")} on, which is made for speech and ` +
            "changes music.",
        );
      }
    } catch (error) {
      this.say("");
      this.complain(
        TROUBLES[error.name] ?? `The microphone cannot be used: ${error.message || error.name}.`,
      );
    } finally {
      this.part.record.disabled = false;
    }
  }

  take(block) {
    if (!this.microphone) return;
    this.blocks.push(block);
    this.n += block.length;
    let peak = 0;
    let power = 0;
    for (const sample of block) {
      peak = Math.max(peak, Math.abs(sample));
      power += sample * sample;
    }
    this.loudest = Math.max(this.loudest, peak);
    this.showLevel(decibels(Math.sqrt(power / block.length)), decibels(peak), peak >= FULL_SCALE);
    this.showTime();
    if (this.seconds >= this.limits.max_seconds) this.stop();
  }

  get seconds() {
    return this.n / this.microphone.rate;
  }

  showTime() {
    const { good_seconds: good, max_seconds: most } = this.limits;
    const whole = Math.floor(this.seconds); // seconds that are over: more than these are needed
    this.part.clock.textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    if (whole === this.shownSecond) return;
    this.shownSecond = whole;
    if (whole < good) {
      this.say(`${good - whole} s more for a fair verdict.`);
    } else if (decibels(this.loudest) < QUIET_DB) {
      this.say(`${good} s reached, but it is very quiet: move closer to the sound.`);
    } else {
      this.say(`${good} s reached: stop when you like, at the latest after ${most} s.`);
    }
  }

  showLevel(db, peakDb, isTooLoud) {
    this.peakDb = Math.max(peakDb, this.peakDb - PEAK_FALL_DB);
    this.root.classList.toggle("is-too-loud", isTooLoud);
    this.part.level.style.transform = `scaleX(${share(db)})`;
    this.part.peak.style.left = `calc(${100 * share(this.peakDb)}% - 2px)`;
    this.part.meter.setAttribute("aria-valuenow", Math.round(Math.max(db, FLOOR_DB)));
    this.part.meter.setAttribute(
      "aria-valuetext",
      isTooLoud ? "too loud" : `${Math.round(Math.max(db, FLOOR_DB))} decibels`,
    );
  }

  async stop() {
    const { seconds } = this;
    const { rate } = this.microphone;
    const { min_seconds: least, good_seconds: good, silence_peak: silence } = this.limits;
    this.rest();
    if (seconds < least) {
      this.complain(
        `Only ${seconds.toFixed(1)} s were recorded: the network needs at least ${least} s, ` +
          `better ${good} s or more. Press Record again.`,
      );
    } else if (this.loudest <= silence) {
      this.complain("Nothing but silence came from the microphone: is it muted? Record again.");
    } else {
      this.say("Handing the recording over …");
      this.part.record.disabled = true;
      this.send(await base64(wavFile(this.blocks, rate)));
    }
    this.blocks = [];
  }

  lost() {
    if (!this.microphone) return;
    this.rest();
    this.blocks = [];
    this.complain("The microphone went away while recording. Connect it and press Record again.");
  }

  rest() {
    this.microphone.close();
    this.microphone = null;
    this.shownSecond = -1;
    this.root.classList.remove("is-recording", "is-too-loud");
    this.label.textContent = "Record";
    this.part.level.style.transform = "scaleX(0)";
    this.say("");
  }

  say(text) {
    this.part.status.textContent = text;
  }

  complain(text) {
    this.part.trouble.textContent = text;
    this.part.trouble.hidden = !text;
  }
}

function decibels(amplitude) {
  return 20 * Math.log10(Math.max(amplitude, 1e-6));
}

/** Where a level lies on the meter, 0 to 1. */
function share(db) {
  return Math.max(0, Math.min(1, 1 - db / FLOOR_DB));
}

export default function ({ parentElement, data, setTriggerValue }) {
  let recorder = recorders.get(parentElement);
  if (!recorder) {
    recorder = new Recorder(parentElement);
    recorders.set(parentElement, recorder);
  }
  recorder.update(data, (wav) => setTriggerValue("recording", wav));
  recorder.runs += 1;
  const run = recorder.runs;
  return () => {
    // Streamlit also ends a run that newer data overtook while this script was loading.
    if (run !== recorder.runs) return;
    recorders.delete(parentElement);
    recorder.destroy();
  };
}
