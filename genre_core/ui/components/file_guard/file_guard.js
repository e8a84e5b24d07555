// Listens to the whole document, before Streamlit's own boxes do.

const BOX = "[data-testid=stFileUploader]";
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;
const runs = new WeakMap(); // the element Streamlit gives -> what ends the run before

const has = (event) => event.dataTransfer?.types.includes("Files");

/** The endings that a box takes, e.g. [".mp3"]; none where it takes any. */
const endings = (input) => input.accept.split(",").filter((part) => part.startsWith("."));

/** Return why a box cannot take these files, as a key of the refusals and what fills it in. */
function refusal(files, folders, input, maxBytes) {
  if (folders.length > 0) return ["folder", { name: folders[0] }];
  if (files.length > 1 && !input.multiple) return ["several", { n: files.length }];
  const kinds = endings(input);
  for (const { name, size } of files) {
    if (kinds.length > 0 && !kinds.some((kind) => name.toLowerCase().endsWith(kind))) {
      return ["kind", { name, kinds: kinds.map((kind) => kind.slice(1)).join(", ") }];
    }
    if (size > maxBytes) return ["large", { name, megabytes: Math.ceil(size / 2 ** 20) }];
  }
  return null;
}

/** Return the files that a box takes though there is a reason to refuse some. */
function takenOf(files, reason, input, maxBytes) {
  if (reason === null) return files;
  if (!input.multiple) return [];
  return files.filter((file) => refusal([file], [], input, maxBytes) === null);
}

/** Return files as an input holds them. */
function asList(files) {
  const holder = new DataTransfer();
  for (const file of files) holder.items.add(file);
  return holder.files;
}

/** Call `take` with what `find` finds: a page that is being made has its box later. */
function soon(find, take, until = performance.now() + PATIENCE_MS) {
  const one = find();
  if (one || performance.now() > until) take(one);
  else setTimeout(soon, LOOK_MS, find, take, until);
}

/** How far a point is from an element, in pixels. */
function distance(element, x, y) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return Math.hypot(Math.max(left - x, x - right, 0), Math.max(top - y, y - bottom, 0));
}

function watch(root, data) {
  const [overlay, box] = [root.querySelector(".drop"), root.querySelector(".refused")];
  const listening = new AbortController();
  const on = (target, name, handle) =>
    target.addEventListener(name, handle, { capture: true, signal: listening.signal });
  const areaOf = (input) => input.closest(data.area_selector);
  /** The box that takes what is dropped at a point beside every box: that of the nearest area. */
  const boxFor = ({ clientX: x, clientY: y }) => {
    const inputs = [...document.querySelectorAll(data.drop_selector)];
    const away = inputs.map((input) => distance(areaOf(input) ?? document.body, x, y));
    return inputs[away.indexOf(Math.min(...away))];
  };
  const showOverlay = (event) => {
    const area = areaOf(boxFor(event) ?? document.body)?.getBoundingClientRect();
    overlay.style.inset = area
      ? `${area.top}px ${innerWidth - area.right}px ${innerHeight - area.bottom}px ${area.left}px`
      : "";
    overlay.hidden = false;
  };

  const say = (reason) => {
    box.hidden = reason === null;
    if (reason === null) return;
    const [key, words] = reason;
    box.querySelector("p").textContent =
      data.refusals[key].replace(/\{(\w+)\}/g, (_, name) => words[name]);
  };

  on(box.querySelector("button"), "click", () => say(null));
  on(document, "dragover", (event) => {
    if (!has(event)) return;
    event.preventDefault(); // else the browser opens the file in place of the page
    if (data.takes_files) showOverlay(event);
  });
  on(document, "dragleave", (event) => {
    if (event.relatedTarget === null) overlay.hidden = true; // it left the window
  });
  on(document, "drop", (event) => {
    if (!has(event)) return;
    overlay.hidden = true;
    const dropped = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    const entries = dropped.map((item) => item.webkitGetAsEntry?.());
    const folders = entries.filter((entry) => entry?.isDirectory).map((entry) => entry.name);
    const files = [...event.dataTransfer.files].filter((file) => !folders.includes(file.name));
    const own = event.target.closest(BOX)?.querySelector("input[type=file]");
    if (own?.multiple && !data.takes_files) {
      say(refusal(files, [], own, data.max_bytes)); // Streamlit takes the others, folders too
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const take = (input) => {
      const reason = input ? refusal(files, folders, input, data.max_bytes) : ["nowhere", {}];
      const taken = input ? takenOf(files, reason, input, data.max_bytes) : [];
      if (taken.length > 0) {
        input.files = asList(taken);
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
      say(reason);
    };
    if (own || !data.takes_files) take(own);
    else soon(() => boxFor(event), take);
  });
  on(document, "change", (event) => {
    const input = event.target;
    if (!input.matches?.("input[type=file]") || !input.closest(BOX)) return;
    const files = [...input.files];
    const reason = refusal(files, [], input, data.max_bytes);
    say(reason);
    if (reason === null || (input.multiple && !data.takes_files)) return;
    const taken = takenOf(files, reason, input, data.max_bytes);
    if (taken.length > 0) {
      input.files = asList(taken);
      return;
    }
    event.stopImmediatePropagation();
    input.value = "";
  });
  document.body.dataset.filesAreGuarded = ""; // until then, boxes swallow what is dropped elsewhere
  return () => listening.abort();
}

export default function ({ data, parentElement }) {
  runs.get(parentElement)?.();
  const end = watch(parentElement, data);
  runs.set(parentElement, end);
  return end;
}
