"""Experiment C: Adam against gradient descent with Nesterov momentum, tuning the recurrent layers.

Each is run at four learning rates, so that neither loses by a badly chosen one.

References
----------
Kingma, Ba (2015): Adam: a method for stochastic optimization. ICLR.
Sutskever, Martens, Dahl, Hinton (2013): On the importance of initialization and momentum in deep
    learning. ICML. (Nesterov momentum)
"""

from dataclasses import replace

from genre_core.datasets.splits import choose
from genre_core.experiments.context import Context
from genre_core.experiments.results import Row, Run
from genre_core.experiments.transfer import settings_of
from genre_core.training.settings import Optimizer, TrainingSettings

RATES: dict[Optimizer, tuple[float, ...]] = {
    "adam": (3e-4, 1e-3, 3e-3, 1e-2),
    "sgd": (3e-3, 1e-2, 3e-2, 1e-1),
}


def plan(context: Context) -> list[Run]:
    """Return the runs, seed after seed."""
    split = choose(context.songs.dataset)
    recipes = context.recipes
    tuned = replace(
        settings_of(context, recipes.way("recurrent")),
        block_rates={},
        epochs=context.epochs or recipes.optimizer_epochs,
    )
    runs = []
    for seed in range(context.seeds or recipes.optimizer_seeds):
        for optimizer, rates in RATES.items():
            for rate in rates:
                settings = replace(tuned, optimizer=optimizer, learning_rate=rate, seed=seed)
                key = f"{optimizer}-{rate:g}-seed{seed}"
                facts = {"optimizer": optimizer, "learning_rate": rate, "seed": seed}

                def do(key: str = key, settings: TrainingSettings = settings) -> Row:
                    return context.train(f"optimizers-{key}", settings, split, curve=True)

                runs.append(Run(key, facts, context.inputs(settings, split), do))
    return runs
