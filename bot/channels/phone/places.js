// Sharing where one is: the phone's own position, or a known place to try with.

import { element } from "./render.js";
import { openSheet } from "./sheets.js";
import { text } from "./texts.js";

export class Places {
  #node;
  #language;
  #config;
  #send;
  #reason = "choosePlace";

  /** `language` and `config` tell the present ones; `send` gets latitude, longitude and a name (empty for a position). */
  constructor(node, { language, config, send }) {
    this.#node = node;
    this.#language = language;
    this.#config = config;
    this.#send = send;
  }

  /** Asks the phone for its position and sends it; offers places where it cannot be had. */
  share(button) {
    if (!navigator.geolocation || !window.isSecureContext) {
      this.offer("locationMissing");
      return;
    }
    button.setAttribute("aria-busy", "true");
    const note = this.#node.querySelector(".note");
    note.textContent = text("locating", this.#language());
    const done = () => {
      button.removeAttribute("aria-busy");
      note.textContent = "";
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        done();
        this.#send(round(coords.latitude), round(coords.longitude), "");
      },
      (error) => {
        done();
        this.offer(error.code === error.PERMISSION_DENIED ? "locationDenied" : "locationMissing");
      },
      { enableHighAccuracy: true, timeout: 12_000, maximumAge: 60_000 },
    );
  }

  /** Offers places to try with; `reason` is the text key that says why. */
  offer(reason) {
    this.#reason = reason;
    this.translate();
    openSheet(this.#node, this.#dialog);
  }

  /** Says it all in the present language. */
  translate() {
    const dialog = this.#dialog;
    const reason = this.#reason;
    const language = this.#language();
    const places = this.#config().sample_places;
    const asked = reason === "choosePlace";
    dialog.querySelector("h3").textContent = text(asked ? reason : `${reason}Title`, language);
    const why = asked ? [] : [text(reason, language)];
    dialog.querySelector(".sheet-text").textContent = [...why, text(places.length ? "placesText" : "noPlacesText", language)].join(" ");
    dialog.querySelector(".place-list").replaceChildren(...places.map((place) => element("li", {}, this.#button(place))));
  }

  /** The name of a place that was offered here; empty for any other. */
  nameOf({ lat, lon }) {
    const sample = this.#config().sample_places.find((place) => place.lat === lat && place.lon === lon);
    if (!sample) return "";
    return this.#language() === "ary" && sample.name_ar ? sample.name_ar : sample.name;
  }

  get #dialog() {
    return this.#node.querySelector(".places");
  }

  #button(place) {
    const names = [element("span", { lang: "fr", dir: "ltr" }, place.name)];
    if (place.name_ar) names.push(element("span", { lang: "ar", dir: "rtl" }, place.name_ar));
    const tap = element("button", { type: "button" }, ...(this.#language() === "ary" ? names.reverse() : names));
    tap.addEventListener("click", () => {
      this.#dialog.close();
      this.#send(place.lat, place.lon, this.nameOf(place));
      this.#node.querySelector("textarea").focus();
    });
    return tap;
  }
}

function round(degrees) {
  return Math.round(degrees * 1e6) / 1e6;
}
