"""The page "How it works": one module a step, in the order of `steps.STEPS`."""
