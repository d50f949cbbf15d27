// Sends a phone's messages in order, each until it is accepted, refused or given up for the person to retry.

import { Refused, postMessage } from "./api.js";
import { dropPhoto, dropUnsent, keepPhoto, keepUnsent, photoOf, unsentOf } from "./memory.js";

/** Seconds between tries; after the last one the message waits for a tap or for the network. */
const PAUSES = [1, 2, 4, 8];

export class Outbox {
  #phone;
  #onChange;
  #waiting = [];
  #photos = new Map();
  #working = false;
  #closed = false;

  /** `onChange(message, state, error)` hears `pending`, `sent` or `failed`. */
  constructor(phone, onChange) {
    this.#phone = phone;
    this.#onChange = onChange;
  }

  /** What an earlier visit left unsent, with its photos, oldest first; all of it is sent now. */
  async restore() {
    const messages = [];
    for (const message of unsentOf(this.#phone)) {
      const photo = message.hasPhoto ? await photoOf(message.id) : null;
      if (message.hasPhoto && !photo) {
        dropUnsent(message);
        continue;
      }
      if (photo) this.#photos.set(message.id, photo);
      messages.push({ message, photo });
    }
    return messages;
  }

  add(message, photo = null) {
    if (photo) {
      this.#photos.set(message.id, photo);
      this.#keepWithPhoto(message, photo);
    } else {
      keepUnsent(message);
    }
    this.retry(message);
  }

  /** Remembers the message once its photo is safe, unless it has left by then. */
  async #keepWithPhoto(message, photo) {
    await keepPhoto(message.id, photo);
    if (this.#photos.has(message.id)) keepUnsent(message);
    else dropPhoto(message.id);
  }

  retry(message) {
    if (this.#waiting.includes(message)) return;
    this.#waiting.push(message);
    this.#onChange(message, "pending");
    this.#work();
  }

  /** Forgets a message: accepted, or taken back by the person. */
  forget(message) {
    this.#waiting = this.#waiting.filter((other) => other.id !== message.id);
    this.#photos.delete(message.id);
    dropUnsent(message);
    if (message.hasPhoto) dropPhoto(message.id);
  }

  close() {
    this.#closed = true;
    this.#waiting = [];
  }

  async #work() {
    if (this.#working) return;
    this.#working = true;
    while (this.#waiting.length && !this.#closed) await this.#send(this.#waiting[0]);
    this.#working = false;
  }

  async #send(message) {
    for (let tries = 0; this.#waiting[0] === message; tries += 1) {
      try {
        await postMessage(message.fields, this.#photos.get(message.id));
        if (this.#closed) return;
        this.forget(message);
        this.#onChange(message, "sent");
      } catch (error) {
        if (this.#closed || this.#waiting[0] !== message) return;
        if (error instanceof Refused || tries === PAUSES.length) {
          this.#waiting.shift();
          this.#onChange(message, "failed", error);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSES[tries] * 1000 * (0.8 + Math.random() * 0.4)));
      }
    }
  }
}
