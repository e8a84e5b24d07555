// The keys of the player: they work in it, and wherever else they have no meaning of their own.

const FIELDS = "a, button, input, textarea, select, summary, audio, video, [contenteditable], "
  + "[role=dialog], [role=slider], [role=radio], [role=combobox], [role=listbox], [role=tab]";

/**
 * @param {Player} player
 * @param {(target: EventTarget, name: string, handle: Function) => void} on
 * @param {() => boolean} isMeant  whether keys pressed outside every player are for this one
 */
function listenToKeys(player, on, isMeant) {
  on(player.root, "keydown", (event) => pressed(player, event));
  on(document, "keydown", (event) => {
    const isFree = !event.composedPath()[0].closest?.(FIELDS)
      && !document.querySelector("[role=dialog]");
    if (isFree && isMeant() && player.root.isConnected) pressed(player, event);
  });
}

function pressed(player, event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { playback } = player;
  const focused = event.composedPath()[0];
  const moves = {
    ArrowLeft: () => step(player, -1, focused),
    ArrowRight: () => step(player, 1, focused),
    Home: () => playback.seek(0),
    End: () => playback.seek(player.data.duration_seconds),
  };
  if (player.full.isOn) {
    moves.Escape = () => player.full.leave();
    moves.ArrowDown = () => player.full.goToReasons();
    moves.ArrowUp = () => player.full.goToLesson();
  }
  if (!focused.closest("button")) moves[" "] = () => playback.toggle();
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  event.stopPropagation();
  move();
}

function step(player, direction, focused) {
  player.playback.step(direction);
  // The frames' buttons are one stop of the Tab key, and the arrows move inside it.
  if (focused.closest(".frames")) player.frameButton(player.playback.frameHere())?.focus();
}
