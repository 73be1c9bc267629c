/* The launcher: one line on a council's page turns its link into a button that opens the assistant in a panel.
   No cookie, no font, nothing fetched until it is opened. When anything here fails, the link stays. */
"use strict";
(() => {
  const script = document.currentScript;
  const ours = new URL(script.src).origin;
  const link = script.previousElementSibling?.matches("a[href]") ? script.previousElementSibling : document.querySelector(`a[href^="${ours}/"]`);
  if (!link) return;
  const name = link.textContent.trim();
  const narrow = matchMedia("(max-width: 639.98px), (max-height: 479.98px)");
  const put = (tag, props, ...children) => {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children);
    return made;
  };
  const holder = put("askwell-panel", {});
  const shadow = holder.attachShadow({ mode: "open" });
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; color-scheme: light dark; --main: #0b4f71; --on: #fff; --page: #fff; --text: #1a1c1e; }
    @media (prefers-color-scheme: dark) { :host { --main: #8cc8ea; --on: #14171a; --page: #14171a; --text: #f2f4f6; } }
    .row, .panel { position: fixed; inset-inline-end: 16px; z-index: 2147483000; font: 1rem/1.5 system-ui, Arial, sans-serif; }
    .row { inset-block-end: 16px; display: flex; gap: 8px; }
    .panel { inset-block-end: 76px; inline-size: 400px; block-size: min(600px, calc(100vh - 100px)); background: var(--page); color: var(--text);
      border: 1px solid #6b737c; border-radius: 8px; box-shadow: 0 8px 32px rgb(0 0 0 / 0.25); display: flex; flex-direction: column; overflow: hidden; }
    .panel[data-big] { inline-size: min(640px, calc(100vw - 32px)); block-size: calc(100vh - 100px); }
    .head { display: flex; justify-content: flex-end; gap: 4px; padding: 4px; }
    [hidden] { display: none; }
    iframe { flex: 1; border: 0; inline-size: 100%; }
    button { font: inherit; min-block-size: 44px; min-inline-size: 44px; padding: 8px 16px; border-radius: 4px; border: 2px solid var(--main); background: var(--page); color: var(--main); cursor: pointer; }
    .go { background: var(--main); color: var(--on); font-weight: 700; }
    button:focus-visible { outline: 3px solid var(--text); outline-offset: 2px; box-shadow: 0 0 0 2px var(--page); }
    @media print { .row, .panel { display: none; } }`);
  shadow.adoptedStyleSheets = [style];

  const go = put("button", { type: "button", className: "go", textContent: name });
  const hide = put("button", { type: "button", textContent: script.dataset.hide || "Hide" });
  const size = put("button", { type: "button", textContent: script.dataset.bigger || "Bigger" });
  const close = put("button", { type: "button", textContent: script.dataset.close || "Close" });
  const panel = put("div", { className: "panel", id: "panel", hidden: true }, put("div", { className: "head" }, size, close));
  go.setAttribute("aria-expanded", "false");
  go.setAttribute("aria-controls", "panel");
  const row = put("div", { className: "row" }, hide, go);
  const aside = put("aside", {}, panel, row);
  aside.setAttribute("aria-label", name);
  shadow.append(aside);

  let frame = null;
  const tell = (what) => frame?.contentWindow?.postMessage({ askwell: what }, ours);
  const open = () => {
    if (!frame) {
      frame = put("iframe", { title: name, referrerPolicy: "strict-origin", src: `${ours}/panel/` });
      frame.addEventListener("load", () => tell("open"), { once: true });
      panel.append(frame);
    }
    panel.hidden = false;
    go.setAttribute("aria-expanded", "true");
    frame.focus();
  };
  const shut = () => {
    panel.hidden = true;
    go.setAttribute("aria-expanded", "false");
    go.focus();
  };
  go.addEventListener("click", () => (panel.hidden ? open() : shut()));
  close.addEventListener("click", shut);
  size.addEventListener("click", () => {
    const big = panel.toggleAttribute("data-big");
    size.textContent = big ? script.dataset.smaller || "Smaller" : script.dataset.bigger || "Bigger";
  });
  hide.addEventListener("click", () => { holder.remove(); roomFor(false); link.hidden = false; link.focus(); narrow.removeEventListener("change", fit); });
  shadow.addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden) shut(); });
  addEventListener("message", (event) => {
    if (event.origin !== ours || event.source !== frame?.contentWindow) return;
    if (event.data?.askwell === "close" && !panel.hidden) shut();
  });

  /* Room at the foot of the host's page, so that the launcher never covers what has the focus there. */
  const before = document.body.style.paddingBlockEnd;
  const roomFor = (on) => { document.body.style.paddingBlockEnd = on ? `calc(${before || "0px"} + 80px)` : before; };
  /* On a narrow or zoomed screen there is no room for a panel: the link leads to the full page. */
  const fit = () => {
    const wide = !narrow.matches;
    if (wide) document.body.append(holder);
    else { panel.hidden = true; go.setAttribute("aria-expanded", "false"); holder.remove(); }
    link.hidden = wide;
    roomFor(wide);
  };
  narrow.addEventListener("change", fit);
  fit();
})();
