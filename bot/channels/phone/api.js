// The server's side of the page: three calls, nothing else.

const SEND_TIMEOUT = 20_000;
const PHOTO_TIMEOUT = 90_000;

/** The server read the message and will not take it; `texts` says why, by language. Trying again would not help. */
export class Refused extends Error {
  constructor(status, texts) {
    super(`refused with ${status}`);
    this.texts = texts;
  }
}

export async function fetchConfig() {
  const response = await fetch("/phone/config", { signal: AbortSignal.timeout(SEND_TIMEOUT) });
  if (!response.ok) throw new Error(`config: ${response.status}`);
  return response.json();
}

/** Hands one message over; any error but `Refused` is worth another try with the same id. */
export async function postMessage(fields, photo) {
  const response = await fetch("/phone/messages", {
    method: "POST",
    signal: AbortSignal.timeout(photo ? PHOTO_TIMEOUT : SEND_TIMEOUT),
    ...(photo ? { body: form(fields, photo) } : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields) }),
  });
  if (response.ok) return;
  const passing = response.status >= 500 || [408, 425, 429].includes(response.status);
  if (passing) throw new Error(`send: ${response.status}`);
  const answer = await response.json().catch(() => null);
  throw new Refused(response.status, answer?.error?.message ?? null);
}

/** What was said after `cursor`; the server holds the answer back up to `wait` seconds until there is something. */
export async function fetchMessages(phone, cursor, wait, typing, signal) {
  const query = new URLSearchParams({ phone, after: cursor, wait, typing: typing ? 1 : 0 });
  const response = await fetch(`/phone/messages?${query}`, {
    cache: "no-store",
    signal: AbortSignal.any([signal, AbortSignal.timeout((wait + 15) * 1000)]),
  });
  if (!response.ok) throw new Error(`messages: ${response.status}`);
  return response.json();
}

function form(fields, photo) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    data.append(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  data.append("photo", photo, photo.name || "photo.jpg");
  return data;
}
