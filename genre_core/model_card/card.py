"""The model card: what a bundled network is, how it came to be and how good it is.

Everything in it is computed from the checkpoint, the record of its training run, the score files
and the log of looks at the test list; what is missing is said to be missing. The same facts give
the same text. After Mitchell et al.

References
----------
Mitchell et al. (2019): Model cards for model reporting. FAT*.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from genre_core.checkpoints.loading import PUBLISHED
from genre_core.errors import SettingsError
from genre_core.evaluation import knn
from genre_core.evaluation.calibration import reliability
from genre_core.evaluation.metrics import Estimate, mcnemar, wilson_interval
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.summary import Summary, measure, summarise
from genre_core.evaluation.verdicts import AGGREGATIONS, NAMES, song_scores, song_verdicts
from genre_core.markdown import markdown_table
from genre_core.model_card.facts import CardFacts
from genre_core.model_card.notes import DATASET_CREDITS, DATASET_NOTES, INIT_CREDITS, INIT_NOTES

COMMAND = "python -m genre_core card"
MEASURE_COMMAND = "make evaluations"
README_BEGIN = "<!-- accuracy: begin"
README_END = "<!-- accuracy: end -->"
FEW_CLIPS = 10  # of a genre, below which its accuracy says little
ALLOWED_LOSS = 0.05  # that a perturbation may cost before the card names it as a weakness
KIND_NAMES = {"audio": "real audio", "converted": "converted", "short_audio": "excerpts of 2-3 s"}


def card(facts: CardFacts) -> str:
    """Return the whole card as markdown."""
    info = facts.info
    sections = (
        ("In short", _in_short(facts)),
        ("Data and split", _data(facts)),
        ("Training", _training(facts)),
        ("Accuracy on the test list", _accuracy(facts)),
        ("Genre by genre", _genres(facts)),
        ("Can its confidence be believed?", _calibration(facts)),
        ("Robustness", _robustness(facts)),
        ("Whole songs", _songs(facts)),
        ("Cross-validation", _cross_validation(facts)),
        ("Looks at the test list", _looks(facts)),
        ("Known weaknesses", _weaknesses(facts)),
        ("Size and cost", _size(facts)),
        ("Licence and credits", _credits(facts)),
    )
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections)
    return f"""# Model card: {info.name}

Written by `{COMMAND}`; do not edit by hand. Checkpoint `{facts.file_name}`, content hash
`{info.sha256[:16]}`. Intervals are 95 %: Wilson's by song, bootstrap over songs by frame.

{body}
"""


def readme_block(facts: CardFacts, card_path: str) -> str:
    """Return what stands in the README between its accuracy marks.

    Parameters
    ----------
    facts : CardFacts
    card_path : str
        Of the card, as the README links to it.
    """
    test = facts.own("test")
    if test is None:
        return f"Not measured yet: see [the card]({card_path})."
    return f"""{_headline(facts, test)}

{_groups_table(facts, test)}

Accuracy by frame, and by song with each way to put its frames together, on all {len(test.clips)}:

{_lengths_table(facts, test)}

{_converted_sentence(facts, test)}[The card]({card_path}) has the recipe, every genre, calibration,
robustness and known weaknesses; the page "Test set" shows every song."""


def rewrite_readme(text: str, block: str) -> str:
    """Return `text` with `block` between its accuracy marks.

    Raises
    ------
    SettingsError
        If the marks are not there.
    """
    start, end = text.find(README_BEGIN), text.find(README_END)
    if start < 0 or end < start:
        raise SettingsError(
            f"No lines {README_BEGIN} ... --> and {README_END} to write the accuracy between."
        )
    first_line = text[start : text.index("\n", start)]
    return f"{text[:start]}{first_line}\n{block}\n{text[end:]}"


def _in_short(facts: CardFacts) -> str:
    test = facts.own("test")
    what = (
        f"A convolutional recurrent network (`{facts.info.model_name}`) that gives a frame of 3 to "
        f"29.12 s of music a score for each of {len(facts.info.genres)} genres: "
        f"{', '.join(facts.info.genres)}."
    )
    if test is None:
        return f"{what}\n\n{_unmeasured('test list')}"
    return f"{what}\n\n{_headline(facts, test)}\n\n{_groups_table(facts, test)}\n\n{_paired(facts)}"


def _headline(facts: CardFacts, test: ScoreSet) -> str:
    seconds = _own_length(facts, test)
    record = test.provenance
    return (
        f"Song accuracy of `{facts.info.name}` on the test list of {record.dataset} "
        f"({len(test.clips)} clips; list: {record.split}), frames of {seconds:g} s, with 95 % "
        "intervals:"
    )


def _groups_table(facts: CardFacts, test: ScoreSet) -> str:
    others = facts.others(test)
    seconds = _own_length(facts, test)
    rows = []
    for name, kinds in _groups(test):
        sets = [test, *others]
        found = [summarise(item, seconds, "mean", kinds) for item in sets]
        shares = [_count_and_share(item) for item in found]
        rows.append([name, str(found[0].n_songs), *shares])
    header = ["clips", "n", f"`{facts.info.name}`", *(_called(item) for item in others)]
    return markdown_table(header, rows, numbers=set(range(1, len(header))))


def _paired(facts: CardFacts) -> str:
    """Say of each network beside whether the difference is more than chance."""
    test = facts.own("test")
    assert test is not None
    seconds = _own_length(facts, test)
    sentences = []
    for other in facts.others(test):
        for name, kinds in _groups(test):
            kept = np.array([clip.kind in kinds for clip in test.clips])
            ours, theirs = (
                song_scores(item.frames[seconds]).argmax(axis=1)[kept] for item in (test, other)
            )
            found = mcnemar(test.labels()[kept], ours, theirs)
            sentences.append(
                f"{name.capitalize()}: {found.first_only} clips only `{facts.info.name}` names "
                f"rightly, {found.second_only} only {_called(other)} "
                f"(McNemar, exact, two-sided: p = {found.p_value:.2g})."
            )
    return "\n".join(sentences) or ("No other network was measured on these clips.")


def _data(facts: CardFacts) -> str:
    training = facts.info.training
    dataset = str(training.get("dataset", ""))
    if not dataset:
        return "The checkpoint does not say what it was trained on."
    lines = [
        f"- Data set: {dataset}; split: {training.get('split', 'not recorded')}. Trained on: "
        f"{', '.join(training.get('train_lists', ())) or 'not recorded'}; best epoch chosen on: "
        f"{training.get('valid_list', 'not recorded')}."
    ]
    lines += [f"- {note}" for note in DATASET_NOTES.get(dataset, ())]
    test = facts.own("test")
    if test is not None:
        kinds = ", ".join(f"{len(clips)} {KIND_NAMES[kind]}" for kind, clips in _by_kind(test))
        lines.append(f"- The test list here: {len(test.clips)} clips; {kinds}.")
        lines += [f"- Left out: {problem}" for problem in test.provenance.problems]
    return "\n".join(lines)


def _training(facts: CardFacts) -> str:
    training, run = facts.info.training, facts.run
    settings = training.get("settings")
    if not isinstance(settings, Mapping):
        return "The checkpoint holds no record of its training."
    lines = []
    if run is None:
        lines.append(
            "- Command, duration and hardware: not recorded (no `.run.json` beside the checkpoint)."
        )
    else:
        lines.append(f"- Command: `{run['command']}`")
        lines.append(
            f"- Duration: {_duration(float(run['seconds']))} for {_epochs(settings)}"
            f"{_parts_durations(run.get('parts_seconds', {}))} on {run['device']} "
            f"({run['machine']}, {run['processor']}, {run['threads']} threads), "
            f"Python {run['python']}, torch {run['torch']}."
        )
        if run.get("checkpoint_sha256") != facts.info.sha256:
            lines.append(
                "- That run wrote another state of these weights "
                f"(`{str(run.get('checkpoint_sha256'))[:16]}`)."
            )
    recipe = f"[{facts.recipe}]({facts.recipe})" if facts.recipe else "below"
    lines.append(
        f"- Recipe: {recipe}; seed {settings['seed']}. The same command gives the same weights on "
        "the same machine."
    )
    parts = facts.parts
    for part, record in parts.items():
        lines.append(f"- First its part `{part}`: {_how_trained(record)}")
    lines.append(("- Then all of it: " if parts else "- ") + _how_trained(training))
    every = {"": settings} | facts.parts_settings
    return "\n\n".join(["\n".join(lines), *(_every_setting(*item) for item in every.items())])


def _how_trained(training: Mapping[str, Any]) -> str:
    """Return from what a network started, what was kept, and what it reached in validation."""
    settings = training["settings"]
    blocks = ", ".join(training.get("initialised_blocks", ())) or "none"
    sources = [_stem(settings["init"])] if settings["init"] != "random" else []
    sources += [f"its part {part}" for part in settings.get("init_parts", {})]
    frozen = (
        " Batch-norm statistics were kept while learning, and are absorbed into the trained scale "
        "and shift."
        if settings["batch_norm"] == "frozen"
        else ""
    )
    return (
        f"first weights: {' and '.join(sources) or 'random'} (blocks: {blocks}); blocks kept as "
        f"they were: {', '.join(settings['freeze']) or 'none'}.{frozen} Saved: epoch "
        f"{training.get('best_epoch', 'not recorded')} of {settings['epochs']}. Validation list: "
        f"{_optional_share(training.get('valid_accuracy'))} of the songs, "
        f"{_optional_share(training.get('valid_audio_accuracy'))} of the real audio, "
        f"{_optional_share(training.get('valid_converted_accuracy'))} of the converted clips; "
        f"{_how_chosen(settings)}"
    )


def _without_files(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out where the parts lay: each fold has files of its own."""
    return {key: value for key, value in settings.items() if key != "init_parts"}


def _how_chosen(settings: Mapping[str, Any]) -> str:
    if settings.get("select_by") == "last" or settings["epochs"] == 1:
        return "no epoch was chosen by it, but the recipe was."
    return "the epoch was chosen by it, so this flatters."


def _epochs(settings: Mapping[str, Any]) -> str:
    return "1 epoch" if settings["epochs"] == 1 else f"{settings['epochs']} epochs"


def _parts_durations(seconds: Mapping[str, float]) -> str:
    if not seconds:
        return ""
    each = ", ".join(f"{part} {_duration(value)}" for part, value in seconds.items())
    return f", after its parts ({each}),"


def _every_setting(part: str, settings: Mapping[str, Any]) -> str:
    text = json.dumps(settings, indent=2, sort_keys=True)
    title = f"Every setting of the part {part}" if part else "Every setting"
    return f"<details><summary>{title}</summary>\n\n```json\n{text}\n```\n\n</details>"


def _accuracy(facts: CardFacts) -> str:
    test = facts.own("test")
    if test is None:
        return _unmeasured("test list")
    parts = []
    for item in (test, *facts.others(test)):
        for name, kinds in _groups(test):
            rows = []
            for seconds in sorted(item.frames):
                found = summarise(item, seconds, "mean", kinds)
                rows.append(
                    [
                        f"{seconds:g} s",
                        str(found.n_frames),
                        _interval(found.frame_accuracy),
                        _interval(found.song_accuracy),
                        _gain(found),
                        f"{found.frame_diagonal:.1%}",
                        f"{found.song_diagonal:.1%}",
                    ]
                )
            header = (
                *("frame", "frames", "by frame", "by song (mean)", "gain, points"),
                *("diagonal by frame", "by song"),
            )
            who = f"`{facts.info.name}`" if item is test else _called(item)
            table = markdown_table(header, rows, numbers=set(range(7)))
            parts.append(f"**{who}, {name}**\n\n{table}")
    parts.append(
        '"Diagonal" is the mean recall over the genres, as the paper counts accuracy. A clip of '
        "30 s holds one frame of 29.12 s, so by frame and by song are the same there."
    )
    parts.append(f"By song, with each aggregation, all clips:\n\n{_lengths_table(facts, test)}")
    valid = facts.own("valid")
    if valid is not None:
        found = summarise(valid, _own_length(facts, valid))
        parts.append(
            f"Validation list ({found.n_songs} clips), frames of {_own_length(facts, valid):g} s: "
            f"{_interval(found.song_accuracy)}. The recipe was chosen by it, so this flatters."
        )
    return "\n\n".join(parts)


def _lengths_table(facts: CardFacts, test: ScoreSet) -> str:
    """Return by-song accuracy for each frame length and aggregation, and how kNN was done."""
    valid = facts.own("valid")
    rows = []
    for seconds in sorted(test.frames):
        frames, labels = test.frames[seconds], test.labels()
        known = valid if valid is not None and seconds in valid.frames else None
        found = [
            measure(labels, frames, song_verdicts(test, seconds, name, known).by_song, test.genres)
            for name in AGGREGATIONS
        ]
        row = [f"{seconds:g} s", _interval(found[0].frame_accuracy)]
        rows.append([*row, *(_interval(item.song_accuracy) for item in found)])
    header = ["frame", "by frame", *(NAMES[name] for name in AGGREGATIONS)]
    table = markdown_table(header, rows, numbers=set(range(len(header))))
    asked = "the validation list" if valid is not None else "other artists on this list"
    return (
        f"{table}\n\nkNN asks, for each frame, of which genre the {knn.DEFAULT.k} frames of "
        f"{asked} were that have the most similar scores "
        f"({knn.DEFAULT.metric.capitalize()} distance)."
    )


def _genres(facts: CardFacts) -> str:
    test = facts.own("test")
    if test is None:
        return _unmeasured("test list")
    seconds = _own_length(facts, test)
    others = facts.others(test)
    found = summarise(test, seconds)
    beside = [summarise(item, seconds).per_genre for item in others]
    rows = []
    for index, genre in enumerate(found.per_genre):
        rows.append(
            [
                genre.genre,
                str(genre.support),
                str(_n_audio(test, genre.genre)),
                *(f"{share:.0%}" for share in (genre.precision, genre.recall, genre.f1)),
                *(f"{each[index].recall:.0%}" for each in beside),
            ]
        )
    header = ["genre", "n", "of it real audio", "precision", "recall", "F1"]
    header += [f"recall of {_called(item)}" for item in others]
    table = markdown_table(header, rows, numbers=set(range(1, len(header))))
    return f"All clips, frames of {seconds:g} s.\n\n{table}"


def _calibration(facts: CardFacts) -> str:
    test = facts.own("test")
    temperature = facts.info.temperature
    fitted = f"Scores are softmax(logits / {temperature:.3f})" + (
        "; no temperature was fitted."
        if temperature == 1.0
        else "; the temperature was fitted on the validation list."
    )
    if test is None:
        return f"{fitted}\n\n{_unmeasured('test list')}"
    seconds = _own_length(facts, test)
    errors = [
        f"{summarise(test, seconds, 'mean', kinds).calibration_error:.3f} on {name}"
        for name, kinds in _groups(test)
    ]
    bins = reliability(test.labels(), song_scores(test.frames[seconds]))
    rows = [
        [
            f"{item.low:.0%} - {item.high:.0%}",
            str(item.count),
            f"{item.confidence:.1%}",
            f"{item.accuracy:.1%}",
        ]
        for item in bins
        if item.count
    ]
    table = markdown_table(
        ["confidence", "songs", "mean confidence", "accuracy"], rows, numbers={1, 2, 3}
    )
    return (
        f"{fitted} Expected calibration error by song, ten bins, frames of {seconds:g} s: "
        f"{', '.join(errors)}.\n\n{table}"
    )


def _robustness(facts: CardFacts) -> str:
    losses = _losses(facts)
    if not losses:
        return _unmeasured("changed clips")
    rows = [
        [name, str(found.n_songs), _interval(found.song_accuracy), f"{0.0 - 100 * loss:+.1f}"]
        for name, found, loss in losses
    ]
    header = ["sound", "n", "by song", "against unchanged, points"]
    table = markdown_table(header, rows, numbers={1, 2, 3})
    return (
        "The clips of the test list with real audio, changed before the network hears them.\n\n"
        f"{table}"
    )


def _songs(facts: CardFacts) -> str:
    songs = facts.own("all")
    if songs is None:
        return _unmeasured("whole songs")
    seconds = _own_length(facts, songs)
    sets = [songs, *facts.others(songs)]
    rows = []
    for item in sets:
        found = summarise(item, seconds)
        name = f"`{facts.info.name}`" if item is songs else _called(item)
        rows.append([name, _count_and_share(found), _interval(found.frame_accuracy)])
    table = markdown_table(["network", "by song", "by frame"], rows, numbers={1, 2})
    trim = songs.provenance.trim_seconds
    return (
        f"{len(songs.clips)} openly licensed songs from elsewhere, frames of {seconds:g} s, "
        f"{trim or 0:g} s left out at both ends. An illustration, not a measure: one song is "
        f"{100 / len(songs.clips):.0f} points.\n\n{table}"
    )


def _cross_validation(facts: CardFacts) -> str:
    record = facts.cross_validation
    if record is None:
        return "Not done."
    folds = record["folds"]
    rows = [
        [str(fold["fold"]), str(fold["n_songs"]), _of(fold["n_right"], fold["n_songs"])]
        for fold in folds
    ]
    shares = np.array([fold["n_right"] / fold["n_songs"] for fold in folds])
    n_songs = sum(fold["n_songs"] for fold in folds)
    n_right = sum(fold["n_right"] for fold in folds)
    same = (
        _without_files(record["settings"])
        == _without_files(facts.info.training.get("settings", {}))
        and record.get("parts", {}) == facts.parts_settings
    )
    table = markdown_table(["fold", "n", "right"], rows, numbers={0, 1, 2})
    return (
        f"{len(folds)} folds over {n_songs} songs, artists and near-duplicates kept together, each "
        f"song heard by the network that was trained without its fold, with "
        f"{'the same recipe' if same else 'another recipe than this checkpoint'}: "
        f"{_of(n_right, n_songs)}; over the folds {shares.mean():.1%} "
        f"with a standard deviation of {100 * shares.std(ddof=1):.1f} points.\n\n{table}"
    )


def _looks(facts: CardFacts) -> str:
    if not facts.looks:
        return "No log is kept beside the checkpoint."
    rows = [[look.date, look.what, look.result, look.used_for] for look in facts.looks]
    table = markdown_table(["date", "what", "result", "used for"], rows)
    return (
        "The log kept beside the checkpoint: looks at accuracy on the test list before this card, "
        f"and what each decided.\n\n{table}"
    )


def _weaknesses(facts: CardFacts) -> str:
    found: list[str] = []
    test = facts.own("test")
    if test is not None:
        sentence = _converted_sentence(facts, test).strip()
        found += [sentence] if sentence else []
        audio = {genre: _n_audio(test, genre) for genre in test.genres}
        few = sorted((count, genre) for genre, count in audio.items() if count < FEW_CLIPS)
        if few:
            names = ", ".join(f"{genre} {count}" for count, genre in few)
            found.append(
                f"Genres with fewer than {FEW_CLIPS} test clips of real audio: {names}. How well "
                "real recordings of these are named is hardly known."
            )
        weakest = sorted(
            summarise(test, _own_length(facts, test)).per_genre, key=lambda genre: genre.recall
        )[:2]
        names = " and ".join(f"{genre.genre} ({genre.recall:.0%})" for genre in weakest)
        found.append(f"Least often recognised: {names}.")
    found += [
        f"{name.capitalize()} costs {100 * loss:.1f} points."
        for name, _, loss in _losses(facts)
        if loss > ALLOWED_LOSS
    ]
    found += [INIT_NOTES[source] for source in facts.sources if source in INIT_NOTES]
    stale = facts.stale()
    if stale:
        found.append(
            f"Left out of this card, for they were measured with another state of the weights: "
            f"{', '.join(stale)}."
        )
    found.append(
        f'It knows {len(facts.info.genres)} genres and never answers "none of these": outside '
        "them its answer means little, however sure it is."
    )
    return "\n".join(f"- {sentence}" for sentence in found)


def _size(facts: CardFacts) -> str:
    share = facts.size.multiply_adds / facts.published_size.multiply_adds
    return (
        f"{facts.size.parameters:,} parameters, {facts.file_bytes / 1e6:.2f} MB; "
        f"{facts.size.multiply_adds / 1e6:,.0f} million multiply-adds for a frame of 29.12 s, "
        f"{share:.0%} of the published network's "
        f"({facts.published_size.multiply_adds / 1e6:,.0f} million). Counted by "
        "`python -m genre_core networks`."
    )


def _credits(facts: CardFacts) -> str:
    lines = (
        ["- The checkpoint is under the licence of this repository (MIT)."] if facts.bundled else []
    )
    lines += [f"- {INIT_CREDITS[source]}" for source in facts.sources if source in INIT_CREDITS]
    dataset = str(facts.info.training.get("dataset", ""))
    if dataset in DATASET_CREDITS:
        lines.append(f"- {DATASET_CREDITS[dataset]}")
    return "\n".join(lines) or "Not recorded."


def _groups(score_set: ScoreSet) -> list[tuple[str, tuple[str, ...]]]:
    """Return names and source kinds: all clips, then each kind where there are several."""
    kinds = [kind for kind, _ in _by_kind(score_set)]
    groups: list[tuple[str, tuple[str, ...]]] = [("all", tuple(kinds))]
    if len(kinds) > 1:
        groups += [(KIND_NAMES[kind], (kind,)) for kind in kinds]
    return groups


def _by_kind(score_set: ScoreSet) -> list[tuple[str, list[str]]]:
    found = []
    for kind in KIND_NAMES:
        clips = [clip.clip_id for clip in score_set.clips if clip.kind == kind]
        found += [(kind, clips)] if clips else []
    return found


def _losses(facts: CardFacts) -> list[tuple[str, Summary, float]]:
    """Return what each perturbation costs (a share), on the very clips that were changed."""
    test = facts.own("test")
    if test is None:
        return []
    found: list[tuple[str, Summary, float]] = []
    for item in facts.score_sets.values():
        name = item.provenance.perturbation
        changed = facts.own("test", name) if name else None
        if changed is not item:
            continue
        seconds = _own_length(facts, changed)
        ids = [clip.clip_id for clip in changed.clips]
        position = {clip.clip_id: index for index, clip in enumerate(test.clips)}
        if seconds not in test.frames or not set(ids) <= set(position):
            continue
        rows = [position[clip_id] for clip_id in ids]
        right = song_scores(test.frames[seconds]).argmax(axis=1) == test.labels()
        summary = summarise(changed, seconds)
        loss = float(right[rows].mean()) - summary.song_accuracy.value
        found.append((name.replace("_", " "), summary, loss))
    return found


def _own_length(facts: CardFacts, score_set: ScoreSet) -> float:
    own = facts.info.frames.frame_seconds
    return own if own in score_set.frames else max(score_set.frames)


def _n_audio(score_set: ScoreSet, genre: str) -> int:
    return sum(clip.label == genre and clip.kind == "audio" for clip in score_set.clips)


def _converted_sentence(facts: CardFacts, test: ScoreSet) -> str:
    n_converted = sum(clip.kind == "converted" for clip in test.clips)
    if not n_converted or n_converted == len(test.clips):
        return ""
    return (
        f"{n_converted} of the {len(test.clips)} test clips are converted spectrograms, for no "
        "sound of them is at hand: accuracy over all clips mixes two kinds of hearing. "
    )


def _called(score_set: ScoreSet) -> str:
    name = score_set.provenance.model
    return "published ancestor" if name == PUBLISHED else f"`{name}`"


def _count_and_share(found: Summary) -> str:
    n_right = int(np.trace(found.song_confusion))
    return f"{n_right} = {_interval(found.song_accuracy)}"


def _of(n_right: int, n: int) -> str:
    return f"{n_right} of {n} = {_interval(wilson_interval(n_right, n))}"


def _interval(estimate: Estimate) -> str:
    return f"{estimate.value:.1%} ({estimate.low:.1%} - {estimate.high:.1%})"


def _gain(found: Summary) -> str:
    gain = found.averaging_gain
    return f"{100 * gain.value:+.1f} ({100 * gain.low:+.1f} to {100 * gain.high:+.1f})"


def _optional_share(value: Any) -> str:
    return f"{value:.1%}" if isinstance(value, float | int) else "not measured"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _stem(path: Any) -> str:
    return Path(str(path)).stem if str(path) != "random" else "random"


def _unmeasured(what: str) -> str:
    return (
        f"Not measured: there is no score file of this checkpoint for the {what} "
        f"(`{MEASURE_COMMAND}`)."
    )
