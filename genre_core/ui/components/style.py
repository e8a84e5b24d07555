"""The few rules that Streamlit's theme does not give. Colours come from the theme or the genre."""

import streamlit as st

from genre_core.plots.palette import NEUTRAL, with_alpha
from genre_core.ui.components.file_guard.component import DROP_KEY

_CSS = f"""
<style>
/* Only where the page would be too wide: these rules come late, and nothing should move then. */
@media (min-width: 1380px) {{
  .block-container, [data-testid="stMainBlockContainer"] {{ max-width: 1280px; }}
}}
/* What the keyboard is on: Streamlit gives these a tint that is hardly seen. */
a:focus-visible, [data-testid="stElementToolbar"] button:focus-visible,
[data-testid="stCheckbox"] label:has(input:focus-visible) {{
  outline: 2px solid currentColor !important; outline-offset: 2px; }}
/* A finger needs 24 px (WCAG 2.2, 2.5.8); the margin keeps the rows as high as they are. */
[data-testid="stTooltipIcon"] button[aria-label^="Help"] {{ padding: 4px; margin: -4px; }}
/* Streamlit's own sign is one small word in a corner. */
[data-testid="stConnectionStatus"]::before {{
  content: "The connection is lost. What you see stays, and the page connects again by itself. "
    "A song of your own may have to be dropped again."; position: fixed; z-index: 999991;
  left: 50%; bottom: 1rem; transform: translateX(-50%); width: min(34rem, calc(100vw - 2rem));
  box-sizing: border-box; padding: .8rem 1rem; border-radius: .6rem; font-size: 1rem;
  line-height: 1.4; white-space: normal; text-transform: none; color: #fff; background: #7a3b00; }}
.gr-lead {{ font-size: 1.1rem; max-width: 46rem; margin: 0; opacity: .88; }}
.gr-chip {{ display: inline-block; padding: .08rem .6rem; border-radius: 1rem; font-weight: 600;
  font-size: .85rem; border: 1px solid {with_alpha(NEUTRAL, 0.5)}; white-space: nowrap; }}
.gr-legend {{ display: flex; flex-wrap: wrap; gap: .1rem .8rem; padding: 0 !important;
  margin: 0 !important; list-style: none !important; min-height: 1.5rem; }}
/* Blocks of the charts carry names too, so the legend is small. */
.gr-legend .gr-chip {{ font-size: .7rem; padding: 0 .35rem; border-radius: .3rem; }}
.gr-legend li {{ margin: 0 !important; font-size: .82rem; line-height: 1.5rem; }}
.gr-card-title {{ font-weight: 650; font-size: 1.02rem; line-height: 1.25;
  margin: .35rem 0 .1rem; }}
.gr-soft {{ opacity: .8; font-size: .9rem; line-height: 1.4; margin: 0; }}
.gr-song {{ font-size: 1.5rem; line-height: 1.25; font-weight: 700; margin: 0; padding: 0;
  overflow-wrap: anywhere; }}
/* What one gets: a demo song as bars, in the colours of its genres. */
.gr-example {{ min-height: 7rem; }}
.gr-bars {{ display: flex; align-items: center; gap: 1px; height: 4.6rem; }}
.gr-bars i {{ flex: 1; border-radius: 1px; }}
/* One large place for a song; the limits stand below it, once. */
.st-key-song_file > div:first-child {{ min-height: 8.6rem; }}
.st-key-song_file [data-testid="stFileUploaderDropzone"] {{ min-height: 8.6rem;
  flex-direction: column; justify-content: center; align-items: center; gap: .6rem;
  border: 2px dashed {with_alpha(NEUTRAL, 0.7)}; }}
.st-key-song_file [data-testid="stFileUploaderDropzone"]::before {{ content: "Drop a song here";
  font-weight: 650; font-size: 1.15rem; }}
.st-key-song_file [data-testid="stFileUploaderDropzoneInstructions"] {{ display: none; }}
.st-key-first_view h1 {{ font-size: clamp(1.7rem, 6vw, 2.2rem); padding: 0 0 .5rem; }}
.st-key-demo_cards [class*="st-key-demo_"], .st-key-demo_cards .st-key-no_music,
.st-key-demo_cards [data-testid="stButton"] button {{ min-height: 3.4rem; }}
.st-key-demo_cards [data-testid="stHorizontalBlock"] {{ flex-wrap: nowrap; }}
.gr-heading {{ display: flex; gap: .9rem; align-items: center; }}
.gr-cover {{ width: 5rem; height: 5rem; object-fit: cover; border-radius: .4rem; flex: none; }}
.gr-verdict, .gr-progress {{ min-height: 9.5rem; border-radius: .9rem; padding: 1.1rem 1.4rem;
  box-sizing: border-box; }}
.gr-verdict {{ border: 1px solid {with_alpha(NEUTRAL, 0.6)}; display: flex; flex-wrap: wrap;
  gap: .4rem 2.2rem; align-items: center; justify-content: space-between; }}
.gr-verdict p {{ margin: 0; }}
.gr-genre {{ font-size: clamp(2.6rem, 9vw, 4.2rem); line-height: 1; font-weight: 800;
  letter-spacing: -.02em; overflow-wrap: anywhere; }}
.gr-genre.gr-several {{ font-size: clamp(1.7rem, 6vw, 2.9rem); line-height: 1.1; }}
.gr-named {{ flex: 1 1 14rem; min-width: 0; }}
.gr-unlike {{ background-image: repeating-linear-gradient(135deg,
  color-mix(in srgb, currentColor 14%, transparent) 0 2px, transparent 2px 12px); }}
.gr-says {{ font-size: 1rem; margin-bottom: .3rem !important; }}
.gr-facts {{ font-size: 1.05rem; line-height: 1.5; max-width: 27rem; }}
.gr-facts strong {{ font-size: 1.35rem; }}
.gr-progress {{ border: 1px dashed {with_alpha(NEUTRAL, 0.8)}; display: flex;
  flex-direction: column; justify-content: center; gap: .7rem; }}
.gr-progress progress {{ width: 100%; height: .7rem; }}
.st-key-guess_box {{ min-height: 9.5rem; justify-content: center; }}
.gr-guess {{ margin: 0; }}
.gr-scale {{ display: flex; align-items: center; gap: .6rem; font-size: .9rem; }}
.gr-scale i {{ flex: 0 1 14rem; height: .8rem; border-radius: .2rem; }}
.st-key-gallery [data-testid="stImage"] img {{ width: 100%; height: 92px; object-fit: fill;
  border-radius: .3rem; }}
[class*="st-key-{DROP_KEY}"] [data-testid="stFileUploader"] {{ display: none; }}
/* The name wraps, so that buttons that come later or grow do not push anything down. */
.st-key-song_heading {{ flex-wrap: nowrap; }}
.st-key-song_heading > :first-child {{ flex: 1 1 0; min-width: 0; }}
.st-key-song_heading > :last-child {{ flex: 0 0 17.5rem; justify-content: flex-end; }}
.st-key-verdict_evidence {{ min-height: 2.8rem; justify-content: center; }}
.st-key-verdict_evidence [data-testid="stPageLink"] * {{ white-space: normal; }}
.st-key-live_microphone_place {{ min-height: 4.3rem; }}
.st-key-reasons {{ scroll-margin-top: 4rem; }}
/* The player's script comes late; what is below it should not move then. */
[class*="st-key-player_finer"] {{ --lanes: 40.4rem; }}
[class*="st-key-player_plain"] {{ --lanes: 29.5rem; }}
[class*="st-key-player_finer_composed"] {{ --lanes: 43.8rem; }}
[class*="st-key-player_plain_composed"] {{ --lanes: 32.9rem; }}
[class*="_marked"] {{ --marks: 3.4rem; }}
[class*="st-key-player_finer"], [class*="st-key-player_plain"] {{
  min-height: calc(var(--lanes) + var(--marks, 0rem)); }}
/* As high as they are once their scripts have come. */
.st-key-lyrics_text {{ min-height: 170px; }}
.st-key-lyrics_example {{ min-height: 6rem; }}
/* As high as what stands in for a control while it loads, and as a choice of windows. */
[class*="st-key-finer_row"] {{ min-height: 2.5rem; }}
.st-key-finer_row_work {{ min-height: 4rem; }}
@media (max-width: 640px) {{
  .st-key-verdict_evidence {{ min-height: 5rem; }}
  .gr-verdict, .gr-progress {{ padding: .9rem 1rem; min-height: 15.6rem; align-content: center; }}
  .st-key-guess_box {{ min-height: 13.4rem; }}
  .st-key-guess_demo_songs {{ min-height: 8.5rem; align-content: flex-start; }}
  [class*="st-key-library_songs_"], [class*="st-key-library_upload_"] {{ min-height: 128px; }}
  .st-key-lesson_step {{ min-height: 104px; }}
  .st-key-lyrics_part {{ min-height: 68px; }}
  .st-key-lyrics_example {{ min-height: 17.2rem; }}
  [class*="st-key-legend_"] .gr-legend {{ min-height: 4.6rem; }}
  /* "Another song" is wider than "Cancel", which it replaces: both go below the name. */
  .st-key-song_heading {{ flex-direction: column; align-items: flex-start; }}
  .st-key-song_heading > :first-child, .st-key-song_heading > :last-child {{ flex: none; }}
}}
</style>
"""


def apply() -> None:
    """Add the rules to the page."""
    theme = st.context.theme.type  # unknown during the first moments of a session
    players = f"<style>audio {{ color-scheme: {theme}; }}</style>" if theme else ""
    st.html(_CSS + players)
