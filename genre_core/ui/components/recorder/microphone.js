// The sound's part: from the microphone to numbers, and from numbers to a WAV file.

const MUSIC = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const TREATMENTS = {
  echoCancellation: "echo cancellation",
  noiseSuppression: "noise suppression",
  autoGainControl: "automatic gain",
};
const BLOCK_SAMPLES = 2048; // sent to the page at a time, 43 ms at 48 kHz

// Runs in the browser's audio thread: averages the channels and hands blocks to the page.
const WORKLET = `
  registerProcessor("gather", class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.block = new Float32Array(${BLOCK_SAMPLES});
      this.filled = 0;
    }
    process([channels]) {
      if (!channels.length) return true;
      for (let i = 0; i < channels[0].length; i++) {
        let sum = 0;
        for (const channel of channels) sum += channel[i];
        this.block[this.filled++] = sum / channels.length;
        if (this.filled === this.block.length) {
          this.port.postMessage(this.block);
          this.filled = 0;
        }
      }
      return true;
    }
  });
`;

/** An open microphone: calls `onBlock` with Float32Array blocks until it is closed. */
class Microphone {
  static async open(onBlock, onLost) {
    if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) {
      throw new DOMException("not a secure context", "SecurityError");
    }
    const microphone = new Microphone();
    try {
      microphone.stream = await navigator.mediaDevices.getUserMedia({ audio: MUSIC });
      const [track] = microphone.stream.getAudioTracks();
      track.addEventListener("ended", onLost);
      microphone.track = track;
      microphone.context = new AudioContext(); // at the device's own rate
      const url = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
      await microphone.context.audioWorklet.addModule(url);
      URL.revokeObjectURL(url);
      await microphone.context.resume();
      const source = microphone.context.createMediaStreamSource(microphone.stream);
      const gather = new AudioWorkletNode(microphone.context, "gather", { numberOfOutputs: 0 });
      gather.port.onmessage = (event) => onBlock(event.data);
      source.connect(gather);
    } catch (error) {
      microphone.close();
      throw error;
    }
    return microphone;
  }

  get rate() {
    return this.context.sampleRate;
  }

  /** What the browser still does to the sound, against the settings. */
  get treatments() {
    const settings = this.track.getSettings();
    return Object.keys(TREATMENTS).filter((key) => settings[key]).map((key) => TREATMENTS[key]);
  }

  close() {
    this.stream?.getTracks().forEach((track) => track.stop());
    if (this.context && this.context.state !== "closed") this.context.close();
  }
}

/** A 16-bit mono WAV file of blocks of samples, full scale 1. */
function wavFile(blocks, rate) {
  const n = blocks.reduce((sum, block) => sum + block.length, 0);
  const view = new DataView(new ArrayBuffer(44 + 2 * n));
  const text = (at, word) => [...word].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * n, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // length of what follows
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true); // bytes a second
  view.setUint16(32, 2, true); // bytes a sample
  view.setUint16(34, 16, true); // bits
  text(36, "data");
  view.setUint32(40, 2 * n, true);
  let at = 44;
  for (const block of blocks) {
    for (const sample of block) {
      view.setInt16(at, Math.round(32767 * Math.max(-1, Math.min(1, sample))), true);
      at += 2;
    }
  }
  return new Blob([view], { type: "audio/wav" });
}

/** A file's content in base64. */
function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
