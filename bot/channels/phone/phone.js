// One phone: its conversation with the assistant, from the first greeting to the last reply.

import { Refused, fetchMessages } from "./api.js";
import { Composer } from "./composer.js";
import { dropPhone, keepPhone, randomId } from "./memory.js";
import { Outbox } from "./outbox.js";
import { Places } from "./places.js";
import { element, languageOfPart, markChosen, messageNode, setActive, showState } from "./render.js";
import { confirmed, prepareSheets } from "./sheets.js";
import { EXAMPLES, LANGUAGES, dayKey, dayName, dirOf, langOf, pick, text, translate } from "./texts.js";

const WAIT_SECONDS = 20;
const HIDDEN_PAUSE = 10_000;
const TYPING_AT_MOST = 60_000;
const PAUSES = [1000, 2000, 4000, 8000, 15_000];

export class Phone {
  #memory;
  #config;
  #page;
  #outbox;
  #life;
  #closed = new AbortController();
  #nap = null;
  #entries = [];
  #days = new Map();
  #cursor = 0;
  #loaded = false;
  #serverTyping = false;
  #online = true;
  #stuck = true;
  #composer;
  #places;
  #language = "fr";

  /** `memory` is what the browser keeps of it; `page` hears `onLanguage`, `onReply` and `onClose`. */
  constructor(memory, config, page) {
    this.#memory = memory;
    this.#config = config;
    this.#page = page;
    this.node = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    const told = { language: () => this.#language, config: () => this.#config };
    this.#composer = new Composer(this.node, { ...told, send: (words, photo) => this.#submit(words, photo) });
    this.#places = new Places(this.node, { ...told, send: (lat, lon, title) => this.#sendLocation(lat, lon, title) });
    this.#wire();
    this.configure(config);
    this.#setLanguage("fr");
    this.#begin();
  }

  get id() {
    return this.#memory.id;
  }

  get language() {
    return this.#language;
  }

  $(selector) {
    return this.node.querySelector(selector);
  }

  /** What the server offers, which may come after the phone is on the screen. */
  configure(config) {
    this.#config = config;
    this.$("textarea").maxLength = config.limits.text;
    const notice = this.$(".notice");
    notice.textContent = config.notice ?? "";
    notice.hidden = !config.notice;
    this.$(".menu-demo").hidden = !config.demo;
    if (this.$(".places").open) this.#places.translate();
    this.#showDemo();
  }

  /** Its place among the phones; the only one cannot be closed. */
  setPlace(number, several) {
    this.number = number;
    this.node.setAttribute("aria-label", text("phoneNumber", this.#language, { n: number }));
    this.$(".close-button").hidden = !several;
  }

  focus() {
    this.$("textarea").focus();
  }

  /** Opens the chat at what a QR code stands for, such as the door of a room. */
  start(parameter, demo) {
    if (demo && !this.#demoAt()) this.#setDemo(this.#config.demo?.moments[0]?.at);
    const room = parameter.match(/^room-(.+)$/)?.[1];
    const label = room ? text("door", this.#language, { room }) : parameter;
    this.#send({ choice: `start:${parameter}`, label }, [{ type: "text", text: label }]);
  }

  /** Asks the server again at once: the network or the window came back. */
  wake() {
    this.#nap?.abort();
  }

  // The conversation

  async #begin() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.#outbox = new Outbox(this.id, (message, state, error) => this.#sendingChanged(message, state, error));
    const outbox = this.#outbox;
    for (const { message, photo } of await outbox.restore()) {
      if (signal.aborted) return;
      if (!this.#entries.some((entry) => entry.id === message.id)) this.#addOwn(message, photo);
      outbox.retry(message);
    }
    this.#listen(signal);
  }

  #end() {
    this.#life.abort();
    this.wake();
    this.#outbox.close();
    dropPhone(this.#memory);
  }

  /** Long-polls as long as the phone lives; a window out of sight asks only now and then. */
  async #listen(signal) {
    let failures = 0;
    while (!signal.aborted) {
      this.#nap = new AbortController();
      const rest = AbortSignal.any([signal, this.#nap.signal]);
      try {
        const wait = this.#loaded && !document.hidden && this.#online ? WAIT_SECONDS : 0;
        const asked = Date.now();
        const answer = await fetchMessages(this.id, this.#cursor, wait, this.#serverTyping, rest);
        if (signal.aborted) return;
        this.#receive(answer);
        this.#setOnline(true);
        failures = 0;
        if (document.hidden) await sleep(HIDDEN_PAUSE, rest);
        else if (wait && !answer.messages.length && Date.now() - asked < 1000) await sleep(1000, rest);
      } catch {
        if (signal.aborted) return;
        if (this.#nap.signal.aborted) continue;
        this.#setOnline(false);
        this.#showLoaded();
        await sleep(PAUSES[Math.min(failures, PAUSES.length - 1)], rest);
        failures += 1;
      }
    }
  }

  #receive({ messages, cursor, typing }) {
    const log = this.$(".log");
    const first = !this.#loaded;
    if (first) log.setAttribute("aria-live", "off");
    let reply = null;
    for (const message of messages) {
      if (message.from === "person") this.#confirmOwn(message);
      else reply = this.#addReply(message) ?? reply;
    }
    this.#cursor = Math.max(this.#cursor, cursor);
    this.#serverTyping = typing;
    this.#showLoaded();
    if (messages.length) {
      this.#arrange();
      if (reply) this.#setLanguage(languageOfReply(reply) ?? this.#language);
    }
    this.#refresh();
    if (first) {
      this.#toEnd();
      requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
    } else if (messages.length) {
      this.#follow(reply);
      if (reply) this.#page.onReply();
    }
  }

  #addReply(message) {
    if (this.#entries.some((entry) => entry.from === "assistant" && entry.cursor === message.cursor)) return null;
    const entry = { id: message.id, from: "assistant", cursor: message.cursor, at: moment(message.at), parts: message.parts };
    this.#add(entry);
    return entry;
  }

  #confirmOwn(message) {
    let entry = this.#entries.find((own) => own.from === "person" && own.id === message.id);
    if (!entry) {
      entry = { id: message.id, from: "person", parts: message.parts, at: moment(message.at) };
      this.#add(entry);
    } else if (entry.message) {
      this.#outbox.forget(entry.message);
    }
    Object.assign(entry, { cursor: message.cursor, at: moment(message.at), state: "sent" });
    showState(entry.node, "sent", this.#language);
  }

  /** Sends a message: shown at once, stored here until the server has it. */
  #send(fields, parts, photo = null) {
    const id = randomId();
    const demo = this.#demoAt() ? { demo_at: this.#demoAt() } : {};
    const message = {
      phone: this.id,
      id,
      written: Date.now(),
      hasPhoto: photo !== null,
      fields: { phone: this.id, id, ...fields, ...demo },
      parts,
    };
    this.#addOwn(message, photo);
    this.#outbox.add(message, photo);
    this.#toEnd();
    setTimeout(() => this.#refresh(), TYPING_AT_MOST + 100);
  }

  #addOwn(message, photo) {
    const parts = photo ? [{ type: "photo", url: URL.createObjectURL(photo) }] : message.parts;
    this.#add({ id: message.id, from: "person", cursor: null, at: new Date(message.written), parts, state: "pending", message });
    this.#arrange();
    this.#refresh();
  }

  #add(entry) {
    entry.node = messageNode(entry, {
      choose: (choice, event) => this.#choose(choice, event),
      share: (share) => this.#places.share(share),
      choosePlace: () => this.#places.offer("choosePlace"),
      nameOf: (place) => this.#places.nameOf(place),
    });
    translate(entry.node, this.#language);
    if (entry.from === "person") showState(entry.node, entry.state ?? "sent", this.#language);
    this.#entries.push(entry);
  }

  #sendingChanged(message, state, error) {
    const entry = this.#entries.find((own) => own.message?.id === message.id);
    if (!entry || (entry.cursor !== null && state !== "sent")) return;
    Object.assign(entry, { state, error });
    this.#showEntryState(entry);
    this.#refresh();
    if (state === "failed") this.#toEnd();
  }

  #showEntryState(entry) {
    const { state, error, message } = entry;
    let failure = null;
    if (state === "failed") {
      const refused = error instanceof Refused;
      failure = {
        words: refused ? pick(error.texts, this.#language) || text("refused", this.#language) : "",
        retry: refused ? null : () => this.#outbox.retry(message),
        remove: () => this.#takeBack(entry),
      };
    }
    showState(entry.node, state ?? "sent", this.#language, failure);
  }

  #takeBack(entry) {
    this.#outbox.forget(entry.message);
    this.#entries = this.#entries.filter((other) => other !== entry);
    entry.node.remove();
    this.#arrange();
    this.#refresh();
    this.focus();
  }

  #choose(choice, event) {
    this.#send({ choice: choice.payload, label: choice.label }, [{ type: "text", text: choice.label }]);
    // The button that had the focus is inert now; on a touch screen the keyboard should not jump up for it.
    if (event.detail === 0) this.focus();
  }

  // What shows

  /** Puts messages and days in order, moving only what is not in its place. */
  #arrange() {
    const log = this.$(".log");
    const order = (entry) => entry.cursor ?? Infinity;
    this.#entries.sort((one, other) => (order(one) === order(other) ? 0 : order(one) - order(other)));
    const wanted = [];
    const days = new Map();
    for (const entry of this.#entries) {
      const key = dayKey(entry.at);
      if (!days.has(key)) {
        const day = this.#days.get(key) ?? element("p", { className: "day" });
        day.textContent = dayName(entry.at, this.#language);
        days.set(key, day);
        wanted.push(day);
      }
      wanted.push(entry.node);
    }
    this.#days = days;
    let place = log.firstChild;
    for (const node of wanted) {
      if (node === place) place = place.nextSibling;
      else log.insertBefore(node, place);
    }
    while (place) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
  }

  /** What depends on the state of the whole: welcome, typing, which buttons still answer. */
  #refresh() {
    const last = this.#entries.at(-1);
    this.$(".welcome").hidden = !this.#loaded || this.#entries.length > 0;
    this.#entries.forEach((entry, index) => {
      if (entry.from !== "assistant") return;
      setActive(entry.node, entry === last);
      const answer = this.#entries[index + 1];
      if (answer?.from === "person" && !entry.answered) {
        entry.answered = true;
        markChosen(entry.node, answer.parts[0]?.text, this.#language);
      }
    });
    // Once the server has a message it knows better: while a person has the conversation, the assistant writes nothing.
    const awaiting =
      last?.message && last.cursor === null && last.state !== "failed" && Date.now() - last.message.written < TYPING_AT_MOST;
    const typing = this.$(".typing");
    const shown = this.#online && Boolean(awaiting || (this.#serverTyping && last));
    if (typing.hidden === !shown) return;
    typing.hidden = !shown;
    typing.firstElementChild.textContent = shown ? text("typing", this.#language) : "";
    if (shown && this.#stuck) this.#toEnd();
  }

  #showLoaded() {
    if (this.#loaded) return;
    this.#loaded = true;
    this.#refresh();
  }

  #setOnline(online) {
    if (this.#online === online) return;
    this.#online = online;
    this.#showOnline();
    if (online) {
      for (const { message, state, error } of this.#entries) {
        if (state === "failed" && !(error instanceof Refused)) this.#outbox.retry(message);
      }
    }
    this.#refresh();
  }

  #showOnline() {
    this.$(".offline").textContent = this.#online ? "" : text("offline", this.#language);
  }

  #setLanguage(language) {
    if (this.#language === language && this.node.lang) return;
    this.#language = language;
    this.node.lang = langOf(language);
    this.node.dir = dirOf(language);
    translate(this.node, language);
    if (this.number) this.node.setAttribute("aria-label", text("phoneNumber", language, { n: this.number }));
    for (const entry of this.#entries) if (entry.from === "person") this.#showEntryState(entry);
    for (const [key, day] of this.#days) day.textContent = dayName(new Date(`${key}T12:00:00Z`), language);
    this.#showDemo();
    this.#showOnline();
    this.#composer.quiet();
    this.#page.onLanguage(language);
  }

  #toEnd() {
    const scroll = this.$(".scroll");
    scroll.scrollTop = scroll.scrollHeight;
    this.#stuck = true;
    this.#showToEnd();
  }

  /** Keeps the newest in sight, unless the person is reading further up; a long reply shows its beginning. */
  #follow(reply) {
    if (!this.#stuck) {
      this.$(".to-end").classList.toggle("news", Boolean(reply));
      return;
    }
    const scroll = this.$(".scroll");
    this.#toEnd();
    if (reply && reply.node.offsetHeight > scroll.clientHeight - 24) {
      scroll.scrollTop += reply.node.getBoundingClientRect().top - scroll.getBoundingClientRect().top - 12;
    }
  }

  #showToEnd() {
    const button = this.$(".to-end");
    button.hidden = this.#stuck;
    if (this.#stuck) button.classList.remove("news");
  }

  // Controls

  #wire() {
    const on = (selector, type, listener) => this.$(selector).addEventListener(type, listener);
    on(".place-button", "click", (event) => this.#places.share(event.currentTarget));
    on(".menu-button", "click", () => this.#openMenu(this.$(".menu").hidden));
    on(".menu-new", "click", () => this.#startAgain());
    on(".menu-demo", "click", () => {
      this.#setDemo(this.#demoAt() ? null : this.#config.demo.moments[0]?.at);
      this.#openMenu(false);
      this.$(".menu-button").focus();
    });
    on(".demo-moment", "change", (event) => this.#setDemo(event.target.value));
    on(".demo-off", "click", () => {
      this.#setDemo(null);
      this.$(".menu-button").focus();
    });
    on(".close-button", "click", () => this.#close());
    on(".to-end", "click", () => this.#toEnd());
    on(".scroll", "scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.$(".scroll");
      this.#stuck = scrollHeight - scrollTop - clientHeight < 60;
      this.#showToEnd();
    });
    new ResizeObserver(() => this.#stuck && this.#toEnd()).observe(this.$(".scroll"));
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.$(".menu").hidden) return;
      this.#openMenu(false);
      this.$(".menu-button").focus();
    });
    const outside = (event) => event.composedPath().includes(this.$(".bar")) || this.#openMenu(false);
    document.addEventListener("click", outside, { signal: this.#closed.signal });
    on(".bar", "focusout", (event) => {
      if (event.relatedTarget && !this.$(".bar").contains(event.relatedTarget)) this.#openMenu(false);
    });
    prepareSheets(this.node);
    this.#fillWelcome();
  }

  #fillWelcome() {
    this.$(".welcome-fr").textContent = text("welcome", "fr");
    this.$(".welcome-ary").textContent = text("welcome", "ary");
    for (const { language, text: words } of EXAMPLES) {
      const chip = element("button", { type: "button", lang: langOf(language), dir: dirOf(language) }, words);
      chip.addEventListener("click", (event) => {
        this.#say(words, language);
        if (event.detail === 0) this.focus();
      });
      this.$(".chips").append(element("li", {}, chip));
    }
  }

  #say(words, language = "") {
    this.#send({ text: words }, [{ type: "text", text: words, language }]);
  }

  #submit(words, photo) {
    if (photo) this.#send({}, [], photo);
    if (words) this.#say(words);
  }

  #sendLocation(lat, lon, title) {
    this.#send({ location: [lat, lon], ...(title ? { label: title } : {}) }, [{ type: "location", lat, lon, title }]);
  }

  #openMenu(open) {
    this.$(".menu").hidden = !open;
    this.$(".menu-button").setAttribute("aria-expanded", String(open));
    if (open) this.$(".menu button").focus();
  }

  async #startAgain() {
    this.#openMenu(false);
    this.$(".menu-button").focus();
    if (this.#entries.length && !(await confirmed(this.node, "newConversationTitle", "start", this.#language))) return;
    this.#end();
    this.#memory = { id: randomId(), added: this.#memory.added, demoAt: null };
    keepPhone(this.#memory);
    this.#entries = [];
    this.#cursor = 0;
    this.#serverTyping = false;
    this.#loaded = false;
    this.#composer.clear();
    this.#arrange();
    this.#refresh();
    this.#showDemo();
    this.#setLanguage("fr");
    this.#begin();
    this.focus();
  }

  async #close() {
    if (this.#entries.length && !(await confirmed(this.node, "closePhoneTitle", "close", this.#language))) return;
    this.#end();
    this.#closed.abort();
    this.#page.onClose(this);
  }

  // The demonstration of the expo

  #demoAt() {
    return this.#config.demo ? this.#memory.demoAt : null;
  }

  #setDemo(at) {
    this.#memory.demoAt = at ?? null;
    keepPhone(this.#memory);
    this.#showDemo();
  }

  #showDemo() {
    const { demo } = this.#config;
    const at = this.#demoAt();
    this.$(".demo").hidden = !at;
    this.$(".menu-demo").setAttribute("aria-checked", String(Boolean(at)));
    if (!at) return;
    this.$(".demo-name").textContent = pick(demo.name, this.#language);
    const select = this.$(".demo-moment");
    select.replaceChildren(
      ...demo.moments.map((one) => element("option", { value: one.at }, pick(one.label, this.#language))),
    );
    select.value = at;
    if (select.selectedIndex < 0) this.#setDemo(demo.moments[0]?.at);
  }
}

function languageOfReply({ parts }) {
  return parts
    .filter((part) => part.type === "text")
    .map((part) => languageOfPart(part, "assistant"))
    .findLast((language) => LANGUAGES.includes(language));
}

/** A server's time; one without an offset is UTC. */
function moment(words) {
  const time = new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(words) ? words : `${words}Z`);
  return Number.isNaN(time.getTime()) ? new Date() : time;
}

/** Waits, or returns early when the signal is aborted. */
function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
