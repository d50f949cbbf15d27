// Where a message is written: the field, the photo that goes with it, and what is wrong with either.

import { text } from "./texts.js";

const MEGABYTE = 1024 * 1024;

export class Composer {
  #node;
  #language;
  #config;
  #send;
  #photo = null;

  /** `language` and `config` tell the present ones; `send` gets the words and the photo, either may be missing. */
  constructor(node, { language, config, send }) {
    this.#node = node;
    this.#language = language;
    this.#config = config;
    this.#send = send;
    this.#wire();
  }

  focus() {
    this.#field.focus();
  }

  clear() {
    this.#attach(null);
    this.#field.value = "";
    this.#grow();
  }

  /** Forgets what it said was wrong. */
  quiet() {
    this.#sayTrouble("");
  }

  get #field() {
    return this.#$("textarea");
  }

  #$(selector) {
    return this.#node.querySelector(selector);
  }

  #wire() {
    const on = (selector, type, listener) => this.#$(selector).addEventListener(type, listener);
    on(".composer", "submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    on("textarea", "input", () => this.#grow());
    on("textarea", "keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    on("textarea", "paste", (event) => {
      const [file] = event.clipboardData.files;
      if (!file) return;
      event.preventDefault();
      this.#attach(file);
    });
    on(".photo-button", "click", () => this.#$(".file").click());
    on(".file", "change", (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (file) this.#attach(file);
    });
    on(".preview-remove", "click", () => {
      this.#attach(null);
      this.focus();
    });
  }

  #submit() {
    const words = this.#field.value.trim();
    const photo = this.#photo;
    this.#sayTrouble("");
    if (photo) this.#attach(null);
    this.#send(words, photo);
    this.#field.value = "";
    this.#grow();
    this.focus();
  }

  #grow() {
    const field = this.#field;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    const limit = this.#config().limits.text;
    const { length } = field.value;
    this.#$(".count").textContent = length > limit * 0.9 ? `${length} / ${limit}` : "";
    this.#sayTrouble("");
  }

  #sayTrouble(words) {
    this.#$(".trouble").textContent = words;
  }

  /** Takes a photo to be sent with the next message, or says kindly why not; null takes it away. */
  #attach(file) {
    const preview = this.#$(".preview");
    const image = preview.querySelector("img");
    URL.revokeObjectURL(image.src);
    image.removeAttribute("src");
    const trouble = file && this.#troubleWith(file);
    this.#photo = trouble ? null : file;
    preview.hidden = !this.#photo;
    this.#sayTrouble(trouble || "");
    if (!this.#photo) return;
    image.src = URL.createObjectURL(file);
    this.#$(".preview-name").textContent = file.name || text("photoReady", this.#language());
    this.#$(".preview-size").textContent = size(file.size, this.#language());
    this.focus();
  }

  #troubleWith(file) {
    const limit = this.#config().limits.photo_bytes;
    const language = this.#language();
    if (!file.type.startsWith("image/")) return text("notAPhoto", language);
    if (!file.size) return text("photoEmpty", language);
    if (file.size <= limit) return null;
    const megabytes = (bytes) => decimal(bytes / MEGABYTE, language);
    return text("photoTooLarge", language, { size: megabytes(file.size), limit: megabytes(limit) });
  }
}

function decimal(number, language) {
  return number.toLocaleString(language === "en" ? "en" : "fr", { maximumFractionDigits: 1 });
}

function size(bytes, language) {
  const unit = { en: ["kB", "MB"], ary: ["كيلو", "ميغا"] }[language] ?? ["ko", "Mo"];
  return bytes < MEGABYTE
    ? `${decimal(Math.ceil(bytes / 1024), language)} ${unit[0]}`
    : `${decimal(bytes / MEGABYTE, language)} ${unit[1]}`;
}
