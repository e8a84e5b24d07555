// The stage: the player over the whole screen, for a projector or a phone. The average so far stands
// in large type; the scores and the spectrogram lie under the playhead.

const LEAST_LANE = 70; // px
const LEAST_NAMED = 0.005; // of a score: less is written as 0 %

class FullView {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.isOn = false;
    this.image = null;
    const find = (selector) => player.root.querySelector(selector);
    this.part = Object.fromEntries(
      ["title", "so-far", "big", "share", "after", "next", "leave"]
        .map((name) => [name, find(`.full .${name}`)]),
    );
    this.button = find(".to-full");
  }

  listen(on) {
    on(this.button, "click", () => this.enter(true));
    on(this.part.leave, "click", () => this.leave());
    // The browser's own way out of full screen.
    on(document, "fullscreenchange", () => {
      if (this.isOn && this.wasFullscreen && !document.fullscreenElement) this.leave();
    });
  }

  /** Take the song's data; a link may ask for this view at once. */
  update(data, isFirst) {
    this.part.title.textContent = data.title;
    this.button.hidden = !isScored(data) || !data.has_stage;
    if (data.picture_url !== this.pictureUrl) {
      this.pictureUrl = data.picture_url;
      this.image = null;
      if (this.isOn) this.loadPicture();
    }
    if (isFirst && data.is_full && isScored(data)) this.enter(false);
  }

  async enter(isByUser) {
    const { root } = this.player;
    if (this.isOn) return;
    this.isOn = true;
    root.classList.add("is-full");
    if (isByUser) this.player.report("full", "on");
    this.loadPicture();
    // A phone may have no full screen for this, and without a click no browser has.
    this.wasFullscreen = isByUser && Boolean(await root.requestFullscreen?.().then(
      () => true, () => false,
    ));
    if (!this.wasFullscreen && this.isOn) {
      root.popover = "manual"; // over everything else of the page
      root.showPopover?.();
    }
    this.player.part.stage.focus({ preventScroll: true });
    this.redraw();
  }

  leave() {
    const { root } = this.player;
    if (!this.isOn) return;
    this.isOn = false;
    root.classList.remove("is-full");
    if (this.wasFullscreen && document.fullscreenElement) document.exitFullscreen();
    root.removeAttribute("popover");
    this.player.report("full", "off");
    this.redraw();
    this.button.focus();
  }

  destroy() {
    if (this.isOn && this.wasFullscreen && document.fullscreenElement) document.exitFullscreen();
    this.isOn = false;
  }

  redraw() {
    this.player.drawn = null;
    this.player.shown = {};
    this.player.draw();
  }

  /** Leave, and go to where the page gives the reasons. */
  goToReasons() {
    this.leave();
    const reasons = document.querySelector(".st-key-reasons");
    reasons?.scrollIntoView();
    reasons?.querySelector("button, input")?.focus({ preventScroll: true });
  }

  /** Leave, and ask for the lesson. */
  goToLesson() {
    this.leave();
    this.player.report("lesson", "on");
  }

  loadPicture() {
    if (this.image || !this.pictureUrl) return;
    const image = new Image();
    image.onload = () => {
      this.image = image;
      this.redraw();
    };
    image.src = addressOf(this.pictureUrl);
  }

  /** Where everything is, in CSS pixels. */
  layout(stage, data) {
    const { clientWidth: width, clientHeight: height } = stage;
    const { left, plot } = stageLayout(width, false, false);
    const room = Math.max(height - AXIS_HEIGHT - 2 * CAPTION_HEIGHT - LANE_GAP, 2 * LEAST_LANE);
    const lane = (caption, share) => (
      { caption, top: caption + CAPTION_HEIGHT, height: Math.round(share * room) }
    );
    const scores = lane(0, 0.5);
    const picture = lane(scores.top + scores.height + LANE_GAP, 0.5);
    const axis = picture.top + picture.height;
    const { windows: finer } = data;
    const isFiner = finer && finer.scores.length === finer.starts.length; // all have scores
    const [frames, windows] = isFiner ? [null, scores] : [scores, null];
    return { width, left, plot, frames, windows, picture, axis, height: axis + AXIS_HEIGHT };
  }

  draw(canvas, data, box, ink) {
    const pen = penFor(canvas, box, ink);
    const x = (seconds) => box.left + (seconds / data.axis_seconds) * box.plot;
    const order = stackingOrder(data);
    const scores = box.windows ?? box.frames;
    const name = box.windows ? `Scores, ${data.windows_name}` : "Scores of the frames";
    drawCaption(pen, box, scores, name, ink);
    drawPercent(pen, box, scores, ink);
    if (box.windows) drawWindowScores(pen, data, scores, x, order, ink);
    else drawFrameScores(pen, data, scores, x, order, ink);
    drawCaption(pen, box, box.picture, "Mel-spectrogram: pitch upwards, bright is loud", ink);
    const { starts, ends } = data.frames;
    const [from, to] = [starts[0], ends[ends.length - 1]];
    const { top, height } = box.picture;
    if (this.image) pen.drawImage(this.image, x(from), top, x(to) - x(from), height);
    for (const [start, end] of [[0, from], [to, data.duration_seconds]]) {
      const width = x(end) - x(start);
      if (width <= 0) continue;
      for (const lane of [scores, box.picture]) hatch(pen, x(start), lane.top, width, lane.height);
    }
    drawTimeAxis(pen, data, box, x, ink);
  }

  /** Show the average of the frames that have begun. */
  show(time) {
    if (!this.isOn) return;
    const { n, of, leading } = averageSoFar(this.player.data, time);
    this.player.once("so far", n, () => {
      const [first, ...others] = leading;
      this.part["so-far"].style.background = first?.genre.colour ?? "";
      this.part["so-far"].style.color = first?.genre.ink ?? "";
      this.part.big.textContent = first?.genre.name ?? "…";
      this.part.share.textContent = first ? percentText(first.score) : "";
      this.part.after.textContent = n ? `Average of ${n} of ${of} frames` : "Nothing heard yet";
      this.part.next.textContent = others
        .filter(({ score }) => score >= LEAST_NAMED)
        .map(({ genre, score }) => `${genre.name} ${percentText(score)}`).join(" · ");
    });
  }
}
