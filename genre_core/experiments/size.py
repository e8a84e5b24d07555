"""Experiment A: three families of networks at equal numbers of parameters, by the same recipe.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP. Section 3, figures 2 and 3.
"""

from dataclasses import replace

from genre_core.datasets.splits import choose
from genre_core.experiments.context import Context
from genre_core.experiments.results import Row, Run
from genre_core.models import sizes
from genre_core.training.settings import TrainingSettings


def plan(context: Context) -> list[Run]:
    """Return the runs, seed after seed: a stopped experiment has still compared all networks."""
    split = choose(context.songs.dataset)
    n_genres = len(context.songs.dataset.genres)
    recipes = context.recipes
    runs = []
    for seed in range(context.seeds or recipes.size_seeds):
        for target in recipes.n_parameters:
            for family in sizes.FAMILIES:
                settings = replace(
                    recipes.scratch,
                    model=family,
                    hyperparameters=sizes.for_size(family, target, n_genres),
                    epochs=context.epochs or recipes.scratch.epochs,
                    seed=seed,
                )
                key = f"{family}-{target}-seed{seed}"
                facts = {"family": family, "wanted_parameters": target, "seed": seed}

                def do(key: str = key, settings: TrainingSettings = settings) -> Row:
                    return context.train(f"size-{key}", settings, split)

                runs.append(Run(key, facts, context.inputs(settings, split), do))
    return runs
