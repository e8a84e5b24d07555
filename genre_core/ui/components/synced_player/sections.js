// The song as it was composed: a strip over the sound, where that is known.

const SECTIONS_HEIGHT = 22;

function drawSections(pen, data, box, x, ink) {
  const { top, height } = box.sections;
  drawCaption(pen, box, box.sections, "What is played, as it was composed", ink);
  data.sections.forEach(({ start, end, name, colour }, index) => {
    const [left, width] = [x(start), x(end) - x(start)];
    pen.fillStyle = colour;
    pen.globalAlpha = index % 2 ? 0.28 : 0.42; // neighbours differ
    pen.fillRect(left, top, width, height);
    pen.globalAlpha = 1;
    if (pen.measureText(name).width + 8 <= width) {
      label(pen, name, left + width / 2, top + height / 2 + 1, ink.text);
    }
  });
  pen.strokeStyle = ink.line;
  pen.lineWidth = 1;
  pen.strokeRect(box.left, top, x(data.duration_seconds) - box.left, height);
}

/** The section at a time, null where there is none. */
function sectionAt(data, time) {
  return data.sections.find(({ start, end }) => time >= start && time < end) ?? null;
}
