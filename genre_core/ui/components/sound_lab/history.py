"""Changes to a sound that can be undone and redone."""

from dataclasses import dataclass

from genre_core.audio.sound_changes import NO_CHANGES, SoundChanges

MOST_STEPS = 50


@dataclass(frozen=True)
class History:
    """What holds now, what held before, the latest last, and what was undone, the next first."""

    current: SoundChanges = NO_CHANGES
    past: tuple[SoundChanges, ...] = ()
    future: tuple[SoundChanges, ...] = ()

    def changed_to(self, changes: SoundChanges) -> "History":
        """Return the history after one more change."""
        if changes == self.current:
            return self
        return History(changes, (*self.past, self.current)[-MOST_STEPS:])

    def undone(self) -> "History":
        """Return the history one step back, itself where there is none."""
        if not self.past:
            return self
        *past, current = self.past
        return History(current, tuple(past), (self.current, *self.future))

    def redone(self) -> "History":
        """Return the history with the last undone step done again, itself where there is none."""
        if not self.future:
            return self
        current, *future = self.future
        return History(current, (*self.past, self.current), tuple(future))
