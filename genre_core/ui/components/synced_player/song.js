// Functions of a song's data: times, stretches, and words for both. No drawing, no page.

/** "m:ss", rounded as `clock` in plots/time_axis.py rounds. */
function clockText(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function percentText(score) {
  return `${Math.round(100 * score)} %`;
}

/** Index of the stretch that holds `time`, -1 between and outside them. */
function stretchAt(stretches, time) {
  const { starts, ends } = stretches;
  let low = 0;
  let high = starts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (time < starts[middle]) high = middle - 1;
    else if (time >= ends[middle]) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** Whether the network has run; until then there are frames without scores. */
function isScored(data) {
  return data.frames.scores.length > 0;
}

/** The first `most` genres of one stretch, the strongest first: [{genre, score}]. */
function leadingGenres(data, stretches, index, most = 3) {
  const row = stretches.scores[index];
  return row
    .map((score, column) => ({ genre: data.genres[column], score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, most);
}

/** "Frame 3, 1:18 to 1:47"; people count frames from 1. */
function frameName(data, index) {
  const [start, end] = [data.frames.starts[index], data.frames.ends[index]].map(clockText);
  return `Frame ${index + 1}, ${start} to ${end}`;
}

/** The place and its leading genres at a time: {where, leading, note}; `note` where there are none. */
function momentAt(data, time) {
  const frame = stretchAt(data.frames, time);
  const window = data.windows ? stretchAt(data.windows, time) : -1;
  const finer = window < data.windows?.scores.length ? window : -1; // not all may have scores yet
  const n = data.frames.starts.length;
  const place = frame < 0 ? "Outside the frames" : `Frame ${frame + 1} of ${n}`;
  const where = finer < 0 ? place : `${place}, finer`;
  const [stretches, index] = finer >= 0 ? [data.windows, finer] : [data.frames, frame];
  const key = `${finer} ${frame}`;
  if (index < 0) return { where, note: "left out", leading: [], key };
  if (stretches.silent[index]) return { where, note: "silent", leading: [], key };
  if (!isScored(data)) return { where, note: "no scores yet", leading: [], key };
  return { where, note: "", leading: leadingGenres(data, stretches, index), key };
}

/** The mean of the frames that have begun by a time, the silent ones left out: {n, of, leading}. */
function averageSoFar(data, time) {
  const { starts, silent, scores } = data.frames;
  const heard = scores.filter((_, i) => !silent[i]);
  const begun = scores.filter((_, i) => !silent[i] && starts[i] <= time);
  const n = begun.length;
  const mean = data.genres.map((_, g) => begun.reduce((sum, row) => sum + row[g], 0) / n);
  const leading = n ? leadingGenres(data, { scores: [mean] }, 0) : [];
  return { n, of: heard.length, leading };
}

/** The columns of the genres, the strongest of the whole song first: they are stacked so. */
function stackingOrder(data) {
  const total = data.genres.map(() => 0);
  data.frames.scores.forEach((row, index) => {
    if (!data.frames.silent[index]) row.forEach((score, column) => (total[column] += score));
  });
  return total.map((_, column) => column).sort((a, b) => total[b] - total[a] || a - b);
}

/** Round times for at most `most` ticks. */
function timeTicks(duration, most) {
  const steps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900];
  const step = steps.find((s) => duration / s <= most - 1) ?? steps[steps.length - 1];
  const ticks = [];
  for (let t = 0; t <= duration + 1e-6; t += step) ticks.push(t);
  return ticks;
}
