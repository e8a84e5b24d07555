// The picture under the playhead: drawn once for a song, a width and a theme, never while it plays.

const NEUTRAL = "#8a8f98"; // as in the other charts: seen on light and on dark pages
const CAPTION_HEIGHT = 20;
const CAPTION_INDENT = 8; // the playhead at 0:00 and its arrow stay beside the words
const BAND_HEIGHT = 20;
const LANE_GAP = 12;
const AXIS_HEIGHT = 22;
const FEWEST_CODE_PIXELS = 30; // a code of three letters fits
const FEWEST_NAME_PIXELS = 46; // ... and a number beside it

/** Where everything is, in CSS pixels, for a stage of this width. */
function stageLayout(width, hasWindows, hasSections) {
  const narrow = width < 560;
  const left = narrow ? 30 : 38;
  const right = narrow ? 4 : 8;
  let top = 0;
  const lane = (height) => {
    const place = { caption: top, top: top + CAPTION_HEIGHT, height };
    top += CAPTION_HEIGHT + height + LANE_GAP;
    return place;
  };
  const sections = hasSections ? lane(SECTIONS_HEIGHT) : null;
  const wave = lane((narrow ? 76 : 96) + BAND_HEIGHT);
  const frames = lane(narrow ? 120 : 150);
  const windows = hasWindows ? lane(narrow ? 120 : 150) : null;
  const axis = top - LANE_GAP;
  return {
    width, left, plot: Math.max(1, width - left - right),
    sections, wave, frames, windows, axis, height: axis + AXIS_HEIGHT,
  };
}

/** A pen for a canvas that is emptied and made as large as its box. */
function penFor(canvas, box, ink) {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(box.width * scale);
  canvas.height = Math.round(box.height * scale);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.font = `12px ${ink.font}`;
  pen.textBaseline = "middle";
  return pen;
}

function drawStage(canvas, data, box, ink) {
  const pen = penFor(canvas, box, ink);
  const x = (seconds) => box.left + (seconds / data.axis_seconds) * box.plot;
  const order = stackingOrder(data);

  if (box.sections) drawSections(pen, data, box, x, ink);
  drawCaption(pen, box, box.wave, "Sound, and what each frame is called", ink);
  drawWave(pen, data, box, x, ink);
  const length = data.frames.ends[0] - data.frames.starts[0];
  drawCaption(pen, box, box.frames, `Scores of the frames, ${length.toFixed(1)} s each`, ink);
  drawPercent(pen, box, box.frames, ink);
  drawFrameScores(pen, data, box.frames, x, order, ink);
  if (box.windows) {
    const pending = data.windows.scores.length < data.windows.starts.length ? " …" : "";
    drawCaption(pen, box, box.windows, `Finer: ${data.windows_name}${pending}`, ink);
    drawPercent(pen, box, box.windows, ink);
    drawWindowScores(pen, data, box.windows, x, order, ink);
  }
  drawOutside(pen, data, box, x, ink);
  drawTimeAxis(pen, data, box, x, ink);
}

function drawCaption(pen, box, lane, text, ink) {
  pen.fillStyle = ink.text;
  pen.globalAlpha = 0.8;
  pen.textAlign = "left";
  pen.fillText(text, box.left + CAPTION_INDENT, lane.caption + CAPTION_HEIGHT / 2 - 1);
  pen.globalAlpha = 1;
}

function drawWave(pen, data, box, x, ink) {
  const top = box.wave.top + BAND_HEIGHT;
  const height = box.wave.height - BAND_HEIGHT;
  const { frames } = data;
  const n = frames.starts.length;
  pen.strokeStyle = ink.line;
  pen.lineWidth = 1;
  pen.strokeRect(box.left, top, x(data.duration_seconds) - box.left, height);
  const outside = [[0, frames.starts[0]], [frames.ends[n - 1], data.duration_seconds]];
  for (const [from, to] of outside) drawPeaks(pen, data, x, from, to, top, height, NEUTRAL);
  for (let i = 0; i < n; i += 1) {
    const [from, to] = [frames.starts[i], frames.ends[i]];
    const [left, width] = [x(from), x(to) - x(from)];
    if (frames.silent[i]) {
      hatch(pen, left, box.wave.top, width, box.wave.height);
      if (width > FEWEST_NAME_PIXELS) plate(pen, "silent", left + width / 2, top - 10, ink);
      continue;
    }
    const genre = isScored(data)
      ? leadingGenres(data, frames, i, 1)[0].genre
      : { code: "…", colour: NEUTRAL, ink: ink.text };
    pen.fillStyle = genre.colour;
    pen.globalAlpha = 0.16;
    pen.fillRect(left, top, width, height);
    pen.globalAlpha = 1;
    pen.fillRect(left, box.wave.top, width, BAND_HEIGHT);
    drawPeaks(pen, data, x, from, to, top, height, ink.wave(genre.colour));
    const text = width >= FEWEST_NAME_PIXELS
      ? `${i + 1} ${nameThatFits(pen, genre, width - 24)}` : genre.code;
    if (width >= FEWEST_CODE_PIXELS) {
      label(pen, text, left + width / 2, box.wave.top + BAND_HEIGHT / 2 + 1, genre.ink);
    }
  }
  pen.fillStyle = ink.background;
  // A line between neighbours, where there is room for it.
  for (let i = 1; i < n; i += 1) {
    if (x(frames.ends[i]) - x(frames.starts[i]) > 5) {
      pen.fillRect(x(frames.starts[i]) - 0.5, box.wave.top, 1, box.wave.height);
    }
  }
}

/** Fill between the lows and highs from one second to another. */
function drawPeaks(pen, data, x, from, to, top, height, colour) {
  if (to <= from) return;
  const n = data.highs.length;
  const bucket = data.duration_seconds / n;
  const first = Math.max(0, Math.floor(from / bucket));
  const last = Math.min(n, Math.ceil(to / bucket));
  const middle = top + height / 2;
  const reach = (height / 2 - 2) / data.peak_steps;
  pen.save();
  pen.beginPath();
  pen.rect(x(from), top, x(to) - x(from), height);
  pen.clip();
  pen.beginPath();
  // A quiet place is still a line.
  for (let i = first; i < last; i += 1) {
    pen.lineTo(x((i + 0.5) * bucket), middle - Math.max(reach * data.highs[i], 0.5));
  }
  for (let i = last - 1; i >= first; i -= 1) {
    pen.lineTo(x((i + 0.5) * bucket), middle - Math.min(reach * data.lows[i], -0.5));
  }
  pen.closePath();
  pen.fillStyle = colour;
  pen.fill();
  pen.restore();
}

function drawPercent(pen, box, lane, ink) {
  pen.textAlign = "right";
  pen.strokeStyle = ink.line;
  pen.lineWidth = 1;
  for (const share of [0, 0.5, 1]) {
    const y = Math.round(lane.top + (1 - share) * lane.height) + 0.5;
    pen.beginPath();
    pen.moveTo(box.left, y);
    pen.lineTo(box.left + box.plot, y);
    pen.stroke();
    pen.fillStyle = ink.text;
    pen.globalAlpha = 0.8;
    pen.fillText(share === 1 ? "100" : share === 0.5 ? "50" : "0 %", box.left - 5, y);
    pen.globalAlpha = 1;
  }
}

function drawFrameScores(pen, data, lane, x, order, ink) {
  const { frames } = data;
  for (let i = 0; i < frames.starts.length; i += 1) {
    const left = x(frames.starts[i]);
    const full = x(frames.ends[i]) - left;
    if (frames.silent[i]) {
      hatch(pen, left, lane.top, full, lane.height);
      if (full > FEWEST_NAME_PIXELS) {
        plate(pen, "silent", left + full / 2, lane.top + lane.height / 2, ink);
      }
      continue;
    }
    if (!isScored(data)) continue;
    const width = full > 5 ? full - 1 : full;
    let y = lane.top + lane.height;
    for (const column of order) {
      const genre = data.genres[column];
      const height = frames.scores[i][column] * lane.height;
      y -= height;
      pen.fillStyle = genre.colour;
      pen.fillRect(left, y, width, height);
      if (height > 3 && width > 5) {
        pen.strokeStyle = ink.edge;
        pen.lineWidth = 0.5;
        pen.strokeRect(left, y, width, height);
      }
      if (height >= 15 && width >= FEWEST_CODE_PIXELS) {
        const text = nameThatFits(pen, genre, width - 6);
        label(pen, text, left + width / 2, y + height / 2 + 1, genre.ink);
      }
    }
  }
}

/** Areas from the whole stack down to the lowest genre, so that no seam shows between neighbours. */
function drawWindowScores(pen, data, lane, x, order, ink) {
  const { starts, ends, silent, scores } = data.windows;
  const n = scores.length; // fewer than windows while they are being scored
  const bottom = lane.top + lane.height;
  for (let top = order.length - 1; top >= 0; top -= 1) {
    const below = order.slice(0, top + 1);
    pen.beginPath();
    for (let i = 0; i < n; i += 1) {
      if (silent[i]) continue;
      const y = bottom - lane.height * below.reduce((sum, column) => sum + scores[i][column], 0);
      if (i === 0 || silent[i - 1]) pen.moveTo(x(starts[i]), bottom);
      pen.lineTo(x(starts[i]), y);
      pen.lineTo(x(ends[i]), y);
      if (i === n - 1 || silent[i + 1]) {
        pen.lineTo(x(ends[i]), bottom);
        pen.closePath();
      }
    }
    pen.fillStyle = data.genres[order[top]].colour;
    pen.fill();
    pen.strokeStyle = ink.edge;
    pen.lineWidth = 0.5;
    pen.stroke();
  }
}

function drawOutside(pen, data, box, x, ink) {
  const { starts, ends } = data.frames;
  const lanes = [[box.wave.top, box.wave.height], [box.frames.top, box.frames.height]];
  for (const [from, to] of [[0, starts[0]], [ends[ends.length - 1], data.duration_seconds]]) {
    const width = x(to) - x(from);
    if (width <= 0) continue;
    // Hatched, for a genre may be as grey as what is left out.
    for (const [top, height] of lanes) hatch(pen, x(from), top, width, height);
    const y = box.frames.top + box.frames.height / 3; // between the grid's lines
    if (width > 62) plate(pen, "left out", x(from) + width / 2, y, ink);
  }
}

function drawTimeAxis(pen, data, box, x, ink) {
  const ticks = timeTicks(data.axis_seconds, Math.max(3, Math.floor(box.plot / 52)));
  pen.textAlign = "center";
  pen.fillStyle = ink.text;
  pen.globalAlpha = 0.8;
  for (const tick of ticks) {
    pen.fillRect(x(tick) - 0.5, box.axis, 1, 4);
    const text = clockText(tick);
    const half = pen.measureText(text).width / 2;
    const middle = Math.min(Math.max(x(tick), half), box.width - half);
    pen.fillText(text, middle, box.axis + 13);
  }
  pen.globalAlpha = 1;
}

/** A genre's name, or its code where the name is too wide. */
function nameThatFits(pen, genre, width) {
  return genre.name && pen.measureText(genre.name).width <= width ? genre.name : genre.code;
}

function label(pen, text, x, y, colour) {
  pen.textAlign = "center";
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}

/** A label on a plate of the page's colour, where lines would run through it. */
function plate(pen, text, x, y, ink) {
  const width = pen.measureText(text).width + 10;
  pen.fillStyle = ink.background;
  pen.fillRect(x - width / 2, y - 10, width, 20);
  label(pen, text, x, y, ink.text);
}

function hatch(pen, left, top, width, height) {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, width, height);
  pen.clip();
  pen.strokeStyle = NEUTRAL;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let x = left - height; x < left + width; x += 7) {
    pen.moveTo(x, top + height);
    pen.lineTo(x + height, top);
  }
  pen.stroke();
  pen.restore();
}

/** "#rrggbb" moved towards another by a share, 0 to 1. */
function mixed(colour, other, share) {
  const parts = (text) => [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
  const [one, two] = [parts(colour), parts(other)];
  const channels = one.map((value, i) => Math.round(value + share * (two[i] - value)));
  return `rgb(${channels.join(", ")})`;
}
