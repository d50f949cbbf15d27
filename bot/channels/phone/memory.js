// What this browser remembers: its phones and unsent messages in localStorage, photos that wait in IndexedDB. Each phone
// and message has a key of its own, so that tabs do not overwrite each other. Where a browser keeps nothing, the page works without.

const PHONE = "casa.phone.";
const UNSENT = "casa.unsent.";

/** 128 random bits as hex: a phone's identity, a message's id. */
export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The phones of this browser, `{id, added, demoAt}`, in the order they were added. */
export function readPhones() {
  return all(PHONE)
    .filter((phone) => /^[0-9a-f]{32}$/.test(phone.id))
    .sort((one, other) => one.added - other.added);
}

export function keepPhone(phone) {
  write(PHONE + phone.id, phone);
}

/** Forgets a phone and what it had not sent. */
export function dropPhone({ id }) {
  for (const message of unsentOf(id)) {
    dropUnsent(message);
    if (message.hasPhoto) dropPhoto(message.id);
  }
  remove(PHONE + id);
}

/** One message that the server has not accepted yet. */
export function keepUnsent(message) {
  write(UNSENT + message.phone + "." + message.id, message);
}

export function dropUnsent({ phone, id }) {
  remove(UNSENT + phone + "." + id);
}

export function unsentOf(phone) {
  return all(UNSENT + phone + ".").sort((one, other) => one.written - other.written);
}

export async function keepPhoto(id, photo) {
  await photos("readwrite", (store) => store.put(photo, id));
}

export async function photoOf(id) {
  return photos("readonly", (store) => store.get(id));
}

export async function dropPhoto(id) {
  await photos("readwrite", (store) => store.delete(id));
}

function all(prefix) {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .map(read)
      .filter(Boolean);
  } catch {
    return [];
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    return;
  }
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    return;
  }
}

let database;

function open() {
  database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("casa", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("photos");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return database;
}

/** Runs one request on the photo store; undefined where the browser has none. */
async function photos(mode, run) {
  try {
    const store = (await open()).transaction("photos", mode).objectStore("photos");
    return await new Promise((resolve, reject) => {
      const request = run(store);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } catch {
    return undefined;
  }
}
