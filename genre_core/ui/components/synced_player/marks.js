// The marks under the timeline: the moments most and least like a genre, in words and to click.

const MARK_PIXELS = 44; // width of a mark; its arrow points at the moment

class MarkRow {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.row = player.root.querySelector(".marks");
    this.words = player.root.querySelector(".marks-words");
  }

  listen(on) {
    on(this.row, "click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const seconds = Number(button.dataset.seconds);
      this.player.playback.seek(seconds);
      this.player.playback.play(this.player.playback.frame);
      this.player.report("moment", seconds);
    });
  }

  update(marks) {
    this.row.hidden = this.words.hidden = !marks;
    if (!marks || JSON.stringify(marks) === this.shown) return;
    this.shown = JSON.stringify(marks);
    this.words.textContent = marks.words;
    this.row.replaceChildren(...marks.marks.map((mark) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = mark.is_most ? "most" : "least";
      button.dataset.seconds = mark.seconds;
      button.dataset.middle = mark.middle_seconds;
      button.textContent = mark.time;
      button.title = mark.name;
      button.setAttribute("aria-label", mark.name);
      return button;
    }));
  }

  /** Put every mark under its moment. */
  place(box, axisSeconds) {
    for (const button of this.row.children) {
      const x = box.left + (Number(button.dataset.middle) / axisSeconds) * box.plot;
      const left = Math.min(Math.max(x - MARK_PIXELS / 2, 0), box.width - MARK_PIXELS);
      button.style.left = `${left}px`;
      button.style.setProperty("--arrow", `${x - left}px`);
    }
  }
}
