// Messages as DOM nodes. Texts only ever become text nodes; addresses come from `links.js` or are checked here.

import { segments } from "./links.js";
import { LANGUAGES, clock, dirOf, directionOfText, langOf, languageOfText, text } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
const REFERENCE = /^[0-9a-z]+\.[a-z]+$/;
const BULLET = /^[\u200e\u200f]?[-•–]\s+/;

/** An element with classes, attributes and children; strings become text nodes. */
export function element(tag, { className = "", ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A button whose words follow the language of the page (`data-t`). */
export function button(className, key, onClick, iconName) {
  const node = element("button", { type: "button", className });
  if (iconName) node.append(icon(iconName));
  node.append(element("span", { "data-t": key }));
  node.addEventListener("click", onClick);
  return node;
}

/** Language and direction that a text part is shown with: its own, or what its letters tell. */
export function languageOfPart(part, from) {
  if (LANGUAGES.includes(part.language)) return part.language;
  if (from === "person") return languageOfText(part.text ?? "");
  return directionOfText(part.text ?? "") === "rtl" ? "ary" : "";
}

/**
 * One message. `actions` holds what its controls do: `choose(choice)`, `share(button)`, `choosePlace()`; `nameOf(location)`
 * gives the title of a known place that came without one. Words with `data-t` are filled by `translate`.
 */
export function messageNode(entry, actions) {
  const { from, parts } = entry;
  const texts = parts.filter((part) => part.type === "text");
  const language = texts.length ? languageOfPart(texts.at(-1), from) : "";
  const own = from === "person";
  const node = element("div", { className: `message from-${from}`, "data-id": entry.id });
  const direction = texts.length ? dirOf(language) : null;
  const bubble = element("div", { className: "bubble", lang: langOf(language) || null, dir: direction });
  for (const part of joined(parts)) bubble.append(...partNodes(part, entry, actions));
  const time = element("time", { datetime: entry.at.toISOString(), dir: "ltr" }, clock(entry.at));
  bubble.append(element("span", { className: "meta" }, time, ...(own ? [element("span", { className: "state" })] : [])));
  node.append(element("span", { className: "vh", "data-t": own ? "you" : "assistant" }), bubble);
  if (parts.some((part) => part.type === "ask_location")) node.append(locationControls(actions));
  for (const part of parts) {
    if (part.type === "choices" && part.choices.length) node.append(choiceButtons(part.choices, language, direction, actions));
  }
  if (own) node.append(element("div", { className: "failure" }));
  return node;
}

/** Texts that follow each other in one language become paragraphs of one text, so that a list stays a list. */
function joined(parts) {
  const result = [];
  for (const part of parts) {
    const last = result.at(-1);
    const follows = part.type === "text" && last?.type === "text" && part.language === last.language;
    if (follows) result[result.length - 1] = { ...last, text: `${last.text}\n\n${part.text}` };
    else result.push(part);
  }
  return result;
}

function partNodes(part, entry, actions) {
  switch (part.type) {
    case "text":
      return [textNode(part, entry.from)];
    case "location":
      return [placeCard(part, entry.from === "person", actions)];
    case "photo":
      return [photoNode(part)];
    case "picture":
      return [pictureNode(part)];
    case "file":
      return [fileNode(part)];
    case "voice":
      return [element("p", { className: "voice" }, icon("voice"), element("span", { "data-t": "voice" }))];
    default:
      return [];
  }
}

/** What a person wrote stays as it is; a reply has its lines, its lists, and links to what it names to call or open. */
function textNode(part, from) {
  const language = languageOfPart(part, from);
  const node = element("div", { className: "text", lang: langOf(language) || null, dir: dirOf(language) });
  const words = String(part.text ?? "");
  node.append(...(from === "assistant" ? lineNodes(words) : [element("p", {}, words)]));
  return node;
}

function lineNodes(words) {
  const nodes = [];
  let list = null;
  let apart = "";
  for (const line of words.split("\n")) {
    if (!line.trim()) {
      apart = "apart";
    } else if (BULLET.test(line)) {
      if (!list) nodes.push((list = element("ul", { className: apart })));
      list.append(element("li", {}, ...segments(line.replace(BULLET, "")).map(runNode)));
      apart = "";
    } else {
      nodes.push(element("p", { className: apart }, ...segments(line).map(runNode)));
      list = null;
      apart = "";
    }
  }
  return nodes;
}

function runNode({ text: words, href }) {
  if (!href) return words;
  const attributes = { href, dir: "ltr", className: href.startsWith("tel:") ? "tel" : "" };
  if (href.startsWith("https:")) Object.assign(attributes, { target: "_blank", rel: "noopener noreferrer" });
  return element("a", attributes, words);
}

function placeCard(part, own, actions) {
  const lat = Number(part.lat);
  const lon = Number(part.lon);
  const title = part.title || actions.nameOf(part);
  const point = `${lat.toFixed(6)},${lon.toFixed(6)}`;
  const map = `https://www.openstreetmap.org/?mlat=${lat.toFixed(6)}&mlon=${lon.toFixed(6)}#map=17/${lat.toFixed(5)}/${lon.toFixed(5)}`;
  return element(
    "div",
    { className: "place" },
    element("div", { className: "place-map", "aria-hidden": "true" }, icon("pin")),
    title
      ? element("strong", { className: "place-title", dir: "auto" }, title)
      : element("strong", { className: "place-title", "data-t": own ? "myLocation" : "place" }),
    ...(part.address ? [element("span", { className: "place-address", dir: "auto" }, part.address)] : []),
    element(
      "span",
      { className: "place-links" },
      element("a", { href: map, target: "_blank", rel: "noopener noreferrer", "data-t": "seeMap" }),
      element("a", { href: `geo:${point}?q=${point}`, className: "place-app", "data-t": "openApp" }),
    ),
  );
}

function photoNode(part) {
  const url = String(part.url ?? "");
  if (url.startsWith("blob:")) return element("img", { className: "photo", src: url, "data-t-label": "photo", role: "img" });
  if (!/^\/phone\/photos\/[^\\]+$/.test(url)) return element("p", { "data-t": "photo" });
  return element(
    "a",
    { className: "photo-link", href: url, target: "_blank", rel: "noopener", "data-t-label": "openPhoto" },
    element("img", { className: "photo", src: url, alt: "" }),
  );
}

/** A picture of a reply: the whole of it opens in a page of its own. */
function pictureNode(part) {
  if (!REFERENCE.test(part.reference)) return element("p", {}, part.alt);
  const url = `/phone/files/${part.reference}`;
  return element(
    "a",
    { className: "photo-link", href: url, target: "_blank", rel: "noopener" },
    element("img", { className: "photo", src: url, alt: part.alt }),
  );
}

function fileNode(part) {
  if (!REFERENCE.test(part.reference)) return element("p", {}, part.name);
  const link = element("a", { className: "file-link", href: `/phone/files/${part.reference}`, download: part.name });
  link.append(icon("file"), element("bdi", {}, part.name));
  return link;
}

function choiceButtons(choices, language, direction, actions) {
  const group = element("div", { className: "choices" });
  for (const choice of choices) {
    const tap = element("button", { type: "button", lang: langOf(language) || null, dir: direction }, choice.label);
    tap.addEventListener("click", (event) => actions.choose(choice, event));
    group.append(tap);
  }
  return group;
}

function locationControls(actions) {
  const share = button("share", "shareLocation", (event) => actions.share(share, event), "pin");
  return element("div", { className: "ask" }, share, button("pick", "choosePlace", actions.choosePlace));
}

/** Shows how far an own message has come; `failure` is `{words, retry, remove}` when it went wrong. */
export function showState(node, state, language, failure = null) {
  node.classList.toggle("failed", state === "failed");
  const mark = node.querySelector(".state");
  const name = { pending: "clock", sent: "check", failed: "alert" }[state];
  if (mark.dataset.state !== state) {
    mark.dataset.state = state;
    mark.replaceChildren(icon(name), ...(state === "failed" ? [] : [element("span", { className: "vh", "data-t": state })]));
  }
  const words = mark.querySelector("[data-t]");
  if (words) words.textContent = text(words.dataset.t, language);
  node.querySelector(".failure").replaceChildren(...(failure ? failureNodes(failure, language) : []));
}

function failureNodes({ words, retry, remove }, language) {
  const nodes = [];
  if (words) nodes.push(element("p", {}, words));
  if (retry) nodes.push(button("retry", "notSent", retry));
  nodes.push(button("remove", "remove", remove));
  for (const node of nodes) {
    const label = node.querySelector("[data-t]");
    if (label) label.textContent = text(label.dataset.t, language);
  }
  return nodes;
}

/** Buttons answer only while theirs is the last message. */
export function setActive(node, active) {
  node.classList.toggle("past", !active);
  for (const tap of node.querySelectorAll(".choices button, .ask button")) tap.disabled = !active;
}

/** Marks the button whose words the person answered with. */
export function markChosen(node, label, language) {
  for (const tap of node.querySelectorAll(".choices button:not(.chosen)")) {
    if (tap.textContent !== label) continue;
    tap.classList.add("chosen");
    tap.append(icon("check"), element("span", { className: "vh", "data-t": "chosen" }, text("chosen", language)));
    return;
  }
}
