// Dialogs that open as a sheet at the foot of the phone they belong to.

import { randomId } from "./memory.js";
import { text } from "./texts.js";

/** Names every dialog of a phone after its heading, and lets it close by its button and by a tap beside it. */
export function prepareSheets(node) {
  for (const dialog of node.querySelectorAll("dialog")) {
    dialog.setAttribute("aria-labelledby", (dialog.querySelector("h3").id = `title-${randomId()}`));
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }
}

/** Opens a dialog at the foot of its phone, wherever that stands on the screen. */
export function openSheet(node, dialog) {
  node.scrollIntoView({ block: "nearest", inline: "nearest" });
  const lay = () => {
    const { left, bottom, width, height } = node.getBoundingClientRect();
    dialog.style.setProperty("--left", `${Math.max(left, 0)}px`);
    dialog.style.setProperty("--bottom", `${Math.max(document.documentElement.clientHeight - bottom, 0)}px`);
    dialog.style.setProperty("--width", `${width}px`);
    dialog.style.setProperty("--height", `${height}px`);
  };
  lay();
  addEventListener("resize", lay);
  dialog.addEventListener("close", () => removeEventListener("resize", lay), { once: true });
  dialog.showModal();
}

/** True when the person agrees; `title` and `yes` are text keys. */
export function confirmed(node, title, yes, language) {
  const dialog = node.querySelector(".confirm");
  dialog.querySelector("h3").textContent = text(title, language);
  dialog.querySelector(".sheet-text").textContent = text("leaveText", language);
  const agree = dialog.querySelector(".confirm-yes");
  agree.textContent = text(yes, language);
  openSheet(node, dialog);
  return new Promise((resolve) => {
    let agreed = false;
    agree.onclick = () => {
      agreed = true;
      dialog.close();
    };
    dialog.addEventListener("close", () => resolve(agreed), { once: true });
  });
}
