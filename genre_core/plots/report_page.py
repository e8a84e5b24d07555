"""Style and script of the pages that live alone."""

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color: #171c26; background: #fff; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .8rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 1.8rem 0 .3rem; }
svg { max-width: 100%; height: auto; display: block; }
audio { width: 100%; margin-top: .5rem; }
.verdict { border-radius: .8rem; padding: .9rem 1.2rem; display: flex; flex-wrap: wrap;
  gap: .3rem 1.5rem; align-items: baseline; justify-content: space-between; }
.verdict b { font-size: 2.4rem; line-height: 1.1; overflow-wrap: anywhere; }
.soft { color: #4f5663; font-size: .9rem; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem; padding: 0; list-style: none; }
.legend li { border-radius: 1rem; padding: 0 .6rem; font-size: .85rem; font-weight: 600; }
#picture { position: relative; }
#playhead { position: absolute; top: 0; bottom: 0; width: 2px; background: #c2185b;
  display: none; pointer-events: none; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #d5dae3; }
.box { display: inline-block; border: 1px solid #4f5663; border-radius: .3rem;
  padding: 0 .5rem; margin: .15rem .3rem .15rem 0; font-size: .9rem; white-space: nowrap; }
tr { break-inside: avoid; }
.small { font-size: .8rem; line-height: 1.3; }
.small th, .small td { padding: .1rem .4rem .1rem 0; }
.small .box { font-size: .7rem; padding: 0 .2rem; margin: .1rem .15rem .1rem 0; }
h2 { break-after: avoid; }
.time { white-space: nowrap; }
.line { border-bottom: 1px solid #4f5663; height: 2rem; break-before: avoid; }
.solution { break-before: page; }
.solution .small th, .solution .small td { padding: 0 .4rem 0 0; }
@media print { audio { display: none; } main { max-width: none; padding: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""

REPORT_SCRIPT = """
const sound = document.getElementById('sound');
const picture = document.getElementById('picture');
const playhead = document.getElementById('playhead');
const { seconds, left, width } = picture.dataset;
const move = () => {
  playhead.style.display = 'block';
  playhead.style.left = 100 * (+left + +width * sound.currentTime / +seconds) + '%';
  if (!sound.paused) requestAnimationFrame(move);
};
sound.addEventListener('play', move);
sound.addEventListener('seeked', move);
picture.addEventListener('click', event => {
  const box = picture.getBoundingClientRect();
  const share = ((event.clientX - box.left) / box.width - left) / width;
  sound.currentTime = Math.min(Math.max(share, 0), 1) * seconds;
  sound.play();
});
"""
