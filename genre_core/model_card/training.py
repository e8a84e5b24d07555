"""The sections of the card on data and training."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genre_core.model_card.facts import CardFacts
from genre_core.model_card.notes import DATASET_NOTES
from genre_core.model_card.wording import duration, optional_share


def data_section(facts: CardFacts) -> str:
    """Return the section "Data and split"."""
    training = facts.info.training
    dataset = str(training.get("dataset", ""))
    if not dataset:
        return "The checkpoint does not say what it was trained on."
    lines = [
        f"- Data set: {dataset}; split: {training.get('split', 'not recorded')}. Trained on: "
        f"{', '.join(training.get('train_lists', ())) or 'not recorded'}; validated on: "
        f"{training.get('valid_list', 'not recorded')}."
    ]
    lines += [f"- {note}" for note in DATASET_NOTES.get(dataset, ())]
    test = facts.own("test")
    if test is not None:
        lines.append(f"- The test list here: {len(test.clips)} clips with sound.")
        lines += [f"- Left out: {problem}" for problem in test.provenance.problems]
    return "\n".join(lines)


def training_section(facts: CardFacts) -> str:
    """Return the section "Training"."""
    record = facts.info.training
    settings = record.get("settings")
    if not isinstance(settings, Mapping):
        return "The checkpoint holds no record of its training."
    lines = [*_run(facts, settings)]
    recipe = f"[{facts.recipe}]({facts.recipe})" if facts.recipe else "below"
    lines.append(
        f"- Recipe: {recipe}; seed {settings['seed']}. The same command gives the same weights on "
        "the same machine."
    )
    for number, stage in enumerate(facts.stages, start=1):
        lines.append(f"- Stage {number}: {_how_trained(stage)}")
    last = f"Stage {len(facts.stages) + 1}: " if facts.stages else ""
    lines.append(f"- {last}{_how_trained(record)}")
    every = {"": settings}
    every |= {f"stage {n}": stage for n, stage in enumerate(facts.stages_settings, start=1)}
    return "\n\n".join(["\n".join(lines), *(_every_setting(*item) for item in every.items())])


def _run(facts: CardFacts, settings: Mapping[str, Any]) -> list[str]:
    run = facts.run
    if run is None:
        return [
            "- Command, duration and hardware: not recorded (no `.run.json` beside the checkpoint)."
        ]
    epochs = "1 epoch" if settings["epochs"] == 1 else f"{settings['epochs']} epochs"
    before = ", ".join(f"{name} {duration(value)}" for name, value in run.stages_seconds.items())
    after = f" (before it: {before})" if before else ""
    lines = [
        f"- Command: `{run.command}`",
        f"- Duration: {duration(run.seconds)} for {epochs}{after} on {run.device} "
        f"({run.machine}, {run.processor}, {run.threads} threads), Python {run.python}, torch "
        f"{run.torch}.",
    ]
    if run.checkpoint_sha256 != facts.info.sha256:
        lines.append(
            f"- That run wrote another state of these weights (`{run.checkpoint_sha256[:16]}`)."
        )
    return lines


def _how_trained(record: Mapping[str, Any]) -> str:
    """Return the first weights of a network, its frozen blocks and its validation accuracy."""
    settings = record["settings"]
    blocks = ", ".join(record.get("initialised_blocks", ())) or "none"
    source = Path(settings["init"]).stem
    batch_norm = (
        " Batch-norm statistics were frozen while learning, and are absorbed into the trained "
        "scale and shift."
        if settings["batch_norm"] == "frozen"
        else ""
    )
    return (
        f"first weights: {source} (blocks: {blocks}); frozen blocks: "
        f"{', '.join(settings['freeze']) or 'none'}.{batch_norm} Saved: epoch "
        f"{record.get('best_epoch', 'not recorded')} of {settings['epochs']}. {_validated(record)}"
    )


def _validated(record: Mapping[str, Any]) -> str:
    """Return the validation accuracy of a network, and whether it chose the epoch."""
    if record.get("valid_accuracy") is None:
        return "It was not validated."
    return f"Validation list: {optional_share(record.get('valid_accuracy'))} of the songs; " + (
        "the epoch was chosen by it, so this flatters."
        if epoch_was_chosen(record["settings"])
        else "no epoch was chosen by it, but the recipe was."
    )


def epoch_was_chosen(settings: Mapping[str, Any]) -> bool:
    """Return whether the saved epoch is the best one in validation, and not the last."""
    return settings.get("select_by") != "last" and settings["epochs"] > 1


def _every_setting(what: str, settings: Mapping[str, Any]) -> str:
    text = json.dumps(settings, indent=2, sort_keys=True)
    title = f"Every setting of {what}" if what else "Every setting"
    return f"<details><summary>{title}</summary>\n\n```json\n{text}\n```\n\n</details>"
