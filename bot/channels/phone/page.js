// The page: as many phones as the person puts side by side, each with an identity of its own.

import { fetchConfig } from "./api.js";
import { keepPhone, randomId, readPhones } from "./memory.js";
import { Phone } from "./phone.js";
import { dirOf, langOf, text } from "./texts.js";

/** A browser keeps about six connections to a server open at once, and each phone holds one. */
const MOST_PHONES = 4;
const RETRY_CONFIG = 3000;

let config = { languages: [], notice: null, demo: null, sample_places: [], limits: { text: 4096, photo_bytes: 10_485_760 } };
const phones = [];
let unread = 0;

const page = {
  onLanguage: setLanguage,
  onReply: () => showUnread(document.hidden ? unread + 1 : 0),
  onClose(phone) {
    phones.splice(phones.indexOf(phone), 1);
    phone.node.remove();
    arrange();
    phones[0].focus();
  },
};

function addPhone(memory) {
  const phone = new Phone(memory, config, page);
  phones.push(phone);
  document.getElementById("phones").append(phone.node);
  arrange();
  return phone;
}

function newPhone() {
  const memory = { id: randomId(), added: Date.now(), demoAt: null };
  keepPhone(memory);
  return addPhone(memory);
}

function arrange() {
  phones.forEach((phone, index) => phone.setPlace(index + 1, phones.length > 1));
  document.getElementById("add").disabled = phones.length >= MOST_PHONES;
}

/** The words above the phones follow the latest reply; their place does not. */
function setLanguage(language) {
  const top = document.querySelector(".top");
  top.lang = langOf(language);
  const tagline = document.getElementById("tagline");
  tagline.textContent = text("tagline", language);
  tagline.dir = dirOf(language);
  const add = document.getElementById("add");
  document.getElementById("add-words").textContent = text("addPhone", language);
  add.setAttribute("aria-label", text("addPhoneLabel", language));
  add.title = text("addPhoneLabel", language);
}

function showUnread(count) {
  unread = count;
  document.title = count ? `(${count}) Salam Casa` : "Salam Casa";
}

function wakeAll() {
  for (const phone of phones) phone.wake();
}

async function configure() {
  try {
    config = await fetchConfig();
    for (const phone of phones) phone.configure(config);
    followLink();
  } catch {
    setTimeout(configure, RETRY_CONFIG);
  }
}

/** Behind a QR code stands `?start=room-B`: the first phone says it, once; `demo` switches the demonstration on. */
function followLink() {
  const asked = new URLSearchParams(location.search);
  const start = asked.get("start") ?? "";
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(start)) return;
  history.replaceState(null, "", location.pathname);
  phones[0].start(start, asked.has("demo"));
}

setLanguage("fr");
for (const memory of readPhones().slice(0, MOST_PHONES)) addPhone(memory);
if (!phones.length) newPhone();
if (matchMedia("(hover: hover) and (pointer: fine)").matches) phones[0].focus();
document.getElementById("add").addEventListener("click", () => newPhone().focus());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  showUnread(0);
  wakeAll();
});
addEventListener("online", wakeAll);
addEventListener("offline", wakeAll);
configure();
