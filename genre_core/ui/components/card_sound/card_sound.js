let sounding = null; // the one <audio> of all cards that plays

export default function ({ data, parentElement }) {
  const [button, audio] = ["button", "audio"].map((name) => parentElement.querySelector(name));
  const url = data.sound_url.startsWith("/") ? `.${data.sound_url}` : data.sound_url;
  const address = new URL(url, document.baseURI).href;
  if (audio.src !== address) audio.src = address;
  const show = () => {
    button.classList.toggle("is-playing", !audio.paused);
    button.setAttribute("aria-label", `${audio.paused ? "Play" : "Pause"} “${data.title}”`);
  };
  button.onclick = () => {
    if (!audio.paused) return audio.pause();
    if (sounding !== audio) sounding?.pause();
    sounding = audio;
    audio.play().catch(show); // left before it began
  };
  audio.onplay = audio.onpause = audio.onended = show;
  show();
  return () => {
    if (!parentElement.isConnected) audio.pause();
  };
}
