export default function ({ data, parentElement }) {
  const box = parentElement.querySelector(".buttons");
  const wanted = JSON.stringify(data.buttons);
  if (box.dataset.made === wanted) return; // made anew, the one in focus would lose it
  box.dataset.made = wanted;
  const made = data.buttons.map(({ player, frame, text, label }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", label);
    button.onclick = () => {
      document.dispatchEvent(new CustomEvent("play-frame", { detail: { player, frame } }));
    };
    return button;
  });
  box.replaceChildren(...made);
}
