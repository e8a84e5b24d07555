// The line stands where the sound is, and only over charts that show that second.

const LINE = "position: absolute; width: 2px; margin-left: -1px; pointer-events: none; "
  + "background: #fff; box-shadow: 0 0 0 1px #000;"; // seen on light and on dark

class ChartPlayhead {
  constructor({ sound, charts, start_seconds }) {
    this.sound = `.st-key-${sound} audio`;
    this.charts = charts.map((key) => `.st-key-${key} .js-plotly-plot`).join(", ");
    this.start = start_seconds;
    this.lines = new Map(); // chart -> its line
    this.tick = 0;
    this.listening = new AbortController();
    const options = { signal: this.listening.signal, capture: true };
    const on = (name, handle) => document.addEventListener(name, (event) => {
      if (event.target.matches?.(this.sound)) handle(event.target);
    }, options);
    on("play", (audio) => this.follow(audio));
    for (const name of ["pause", "seeked", "timeupdate"]) on(name, (audio) => this.show(audio));
  }

  destroy() {
    this.listening.abort();
    cancelAnimationFrame(this.tick);
    for (const line of this.lines.values()) line.remove();
  }

  follow(audio) {
    cancelAnimationFrame(this.tick);
    const onTick = () => {
      this.show(audio);
      if (!audio.paused && !audio.ended) this.tick = requestAnimationFrame(onTick);
    };
    onTick();
  }

  show(audio) {
    const seconds = this.start + audio.currentTime;
    for (const chart of document.querySelectorAll(this.charts)) this.place(chart, seconds);
  }

  place(chart, seconds) {
    const { xaxis, _size: plot } = chart._fullLayout ?? {};
    if (!xaxis || !plot) return; // not drawn yet
    const [from, to] = xaxis.range;
    const share = (seconds - from) / (to - from);
    const line = this.lineOf(chart);
    line.hidden = share < 0 || share > 1;
    line.style.left = `${plot.l + share * plot.w}px`;
    line.style.top = `${plot.t}px`;
    line.style.height = `${plot.h}px`;
  }

  lineOf(chart) {
    const known = this.lines.get(chart);
    if (known?.isConnected) return known;
    const line = document.createElement("i");
    line.className = "chart-playhead";
    line.style.cssText = LINE;
    line.setAttribute("aria-hidden", "true");
    chart.querySelector(".svg-container").append(line);
    this.lines.set(chart, line);
    return line;
  }
}

export default ({ data }) => {
  const playhead = new ChartPlayhead(data);
  return () => playhead.destroy();
};
