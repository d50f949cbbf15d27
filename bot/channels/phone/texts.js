// The words of the page itself, in the four varieties; what the assistant says comes from the server.

export const LANGUAGES = ["fr", "ary", "ary-Latn", "en"];

const TEXTS = {
  name: { fr: "Salam Casa", ary: "سلام كازا", "ary-Latn": "Salam Casa", en: "Salam Casa" },
  shortTagline: {
    fr: "L'assistant de Casablanca",
    ary: "المساعد ديال الدار البيضاء",
    "ary-Latn": "L'assistant dyal Casablanca",
    en: "Casablanca's assistant",
  },
  tagline: {
    fr: "L'assistant de la ville de Casablanca",
    ary: "المساعد ديال مدينة الدار البيضاء",
    "ary-Latn": "L'assistant dyal mdint Casablanca",
    en: "The city assistant of Casablanca",
  },
  welcome: {
    fr: "Papiers, problème dans la rue, tram et bus, exposition : posez votre question en français ou en darija.",
    ary: "الوراق، شي مشكل فالزنقة، الطرام والباص، المعرض: سول بالدارجة ولا بالفرنسية.",
  },
  tryThis: { fr: "Par exemple :", ary: "مثلا:", "ary-Latn": "Matalan:", en: "For example:" },
  conversation: { fr: "Conversation", ary: "المحادثة", "ary-Latn": "Lmou7adata", en: "Conversation" },
  phoneNumber: { fr: "Téléphone {n}", ary: "تيليفون {n}", "ary-Latn": "Tilifoun {n}", en: "Phone {n}" },
  addPhone: { fr: "téléphone", ary: "تيليفون", "ary-Latn": "tilifoun", en: "phone" },
  addPhoneLabel: {
    fr: "Ajouter un téléphone",
    ary: "زيد تيليفون",
    "ary-Latn": "Zid tilifoun",
    en: "Add a phone",
  },
  closePhone: {
    fr: "Fermer ce téléphone",
    ary: "سد هاد التيليفون",
    "ary-Latn": "Sedd had tilifoun",
    en: "Close this phone",
  },
  closePhoneTitle: {
    fr: "Fermer ce téléphone ?",
    ary: "نسدو هاد التيليفون؟",
    "ary-Latn": "Nseddou had tilifoun?",
    en: "Close this phone?",
  },
  leaveText: {
    fr: "Cette conversation ne sera plus visible ici. Si vous avez fait une demande, notez d'abord son numéro.",
    ary: "هاد المحادثة ما غاديش تبقى تبان هنا. إلا درتي شي طلب، قيد النمرة ديالو قبل.",
    "ary-Latn": "Had lmou7adata ma ghadich tb9a tban hna. Ila derti chi talab, 9eyyed nnemra dyalou 9bel.",
    en: "This conversation will no longer show here. If you filed a request, note its number first.",
  },
  door: { fr: "Porte {room}", ary: "الباب {room}", "ary-Latn": "Lbab {room}", en: "Door {room}" },
  menu: { fr: "Menu", ary: "القائمة", "ary-Latn": "Menu", en: "Menu" },
  newConversation: {
    fr: "Nouvelle conversation",
    ary: "محادثة جديدة",
    "ary-Latn": "Mou7adata jdida",
    en: "New conversation",
  },
  newConversationTitle: {
    fr: "Commencer une nouvelle conversation ?",
    ary: "نبداو محادثة جديدة؟",
    "ary-Latn": "Nebdaw mou7adata jdida?",
    en: "Start a new conversation?",
  },
  start: { fr: "Commencer", ary: "نبداو", "ary-Latn": "Nebdaw", en: "Start" },
  cancel: { fr: "Annuler", ary: "بلاش", "ary-Latn": "Blach", en: "Cancel" },
  close: { fr: "Fermer", ary: "سد", "ary-Latn": "Sedd", en: "Close" },
  demo: {
    fr: "Démonstration de l'exposition",
    ary: "تجربة ديال المعرض",
    "ary-Latn": "Tajriba dyal l'expo",
    en: "Expo demonstration",
  },
  demoFictional: {
    fr: "Programme fictif.",
    ary: "برنامج خيالي.",
    "ary-Latn": "Programme khayali.",
    en: "Fictional programme.",
  },
  demoMoment: { fr: "Heure simulée", ary: "الوقت ديال التجربة", "ary-Latn": "Lwe9t dyal tajriba", en: "Simulated time" },
  demoOff: { fr: "Arrêter", ary: "حبس", "ary-Latn": "7bess", en: "Stop" },
  message: { fr: "Votre message", ary: "الميساج ديالك", "ary-Latn": "Lmessage dyalek", en: "Your message" },
  placeholder: { fr: "Votre message", ary: "كتب هنا", "ary-Latn": "Kteb hna", en: "Your message" },
  send: { fr: "Envoyer", ary: "صيفط", "ary-Latn": "Sifet", en: "Send" },
  attachPhoto: { fr: "Joindre une photo", ary: "زيد تصويرة", "ary-Latn": "Zid teswira", en: "Attach a photo" },
  removePhoto: { fr: "Retirer la photo", ary: "حيد التصويرة", "ary-Latn": "7eyyed teswira", en: "Remove the photo" },
  photoReady: { fr: "Photo prête", ary: "التصويرة واجدة", "ary-Latn": "Teswira wajda", en: "Photo ready" },
  photoTooLarge: {
    fr: "Cette photo pèse {size} Mo, la limite est de {limit} Mo. Essayez une photo plus légère, ou une capture d'écran.",
    ary: "هاد التصويرة فيها {size} ميغا، والحد هو {limit} ميغا. جرب شي تصويرة خف، ولا كابتير ديال الشاشة.",
    "ary-Latn": "Had teswira fiha {size} Mo, w l7edd howa {limit} Mo. Jerreb chi teswira khef, wla capture d'écran.",
    en: "This photo is {size} MB and the limit is {limit} MB. Try a smaller photo, or a screenshot.",
  },
  photoEmpty: {
    fr: "Ce fichier est vide. Choisissez une autre photo.",
    ary: "هاد الفيشيي خاوي. ختار تصويرة أخرى.",
    "ary-Latn": "Had lfichier khawi. Khtar teswira khra.",
    en: "This file is empty. Choose another photo.",
  },
  notAPhoto: {
    fr: "Ce fichier n'est pas une photo. Choisissez une image (JPEG, PNG ou WebP).",
    ary: "هاد الفيشيي ماشي تصويرة. ختار تصويرة (JPEG ولا PNG ولا WebP).",
    "ary-Latn": "Had lfichier machi teswira. Khtar teswira (JPEG, PNG wla WebP).",
    en: "This file is not a photo. Choose a picture (JPEG, PNG or WebP).",
  },
  shareLocation: {
    fr: "Partager ma position",
    ary: "صيفط البلاصة فين أنا",
    "ary-Latn": "Sifet lblassa fin ana",
    en: "Share my location",
  },
  locating: {
    fr: "Je cherche votre position…",
    ary: "كنقلب على البلاصة ديالك…",
    "ary-Latn": "Kan9elleb 3la lblassa dyalek…",
    en: "Looking for your location…",
  },
  choosePlace: { fr: "Choisir un lieu", ary: "ختار شي بلاصة", "ary-Latn": "Khtar chi blassa", en: "Choose a place" },
  placesText: {
    fr: "Pour essayer, choisissez l'un de ces lieux. Vous pouvez aussi écrire une adresse ou un quartier.",
    ary: "باش تجرب، ختار وحدة من هاد البلايص. تقدر حتى تكتب العنوان ولا الحومة.",
    "ary-Latn": "Bach tjerreb, khtar we7da men had lblayess. T9der 7ta tkteb l'adresse wla l7ouma.",
    en: "To try it out, choose one of these places. You can also write an address or a neighbourhood.",
  },
  noPlacesText: {
    fr: "Écrivez plutôt l'adresse ou le quartier dans votre message.",
    ary: "كتب العنوان ولا الحومة فالميساج.",
    "ary-Latn": "Kteb l'adresse wla l7ouma f lmessage.",
    en: "Write the address or the neighbourhood in your message instead.",
  },
  locationDeniedTitle: {
    fr: "Votre position reste privée",
    ary: "البلاصة ديالك بقات عندك",
    "ary-Latn": "Lblassa dyalek b9at 3endek",
    en: "Your location stays private",
  },
  locationDenied: {
    fr: "Le navigateur ne la partage pas, et ce n'est pas un souci.",
    ary: "النافيگاتور ما صيفطهاش، وماشي مشكل.",
    "ary-Latn": "Le navigateur ma sifethach, w machi mouchkil.",
    en: "The browser did not share it, and that is fine.",
  },
  locationMissingTitle: {
    fr: "Position introuvable",
    ary: "البلاصة ما بانتش",
    "ary-Latn": "Lblassa ma bantch",
    en: "Location not found",
  },
  locationMissing: {
    fr: "L'appareil n'arrive pas à la trouver pour le moment.",
    ary: "التيليفون ما قدرش يلقاها دابا.",
    "ary-Latn": "Tilifoun ma 9derch yl9aha daba.",
    en: "The device cannot find it right now.",
  },
  myLocation: { fr: "Ma position", ary: "البلاصة ديالي", "ary-Latn": "Lblassa dyali", en: "My location" },
  place: { fr: "Lieu", ary: "البلاصة", "ary-Latn": "Lblassa", en: "Place" },
  seeMap: { fr: "Voir sur le plan", ary: "شوف فالخريطة", "ary-Latn": "Chouf f lkharita", en: "See on the map" },
  openApp: {
    fr: "Ouvrir dans une application",
    ary: "حل فشي تطبيق",
    "ary-Latn": "7ell f chi application",
    en: "Open in an app",
  },
  photo: { fr: "Photo", ary: "تصويرة", "ary-Latn": "Teswira", en: "Photo" },
  openPhoto: { fr: "Agrandir la photo", ary: "كبر التصويرة", "ary-Latn": "Kebber teswira", en: "Enlarge the photo" },
  voice: { fr: "Message vocal", ary: "أوديو", "ary-Latn": "Vocal", en: "Voice message" },
  you: { fr: "Vous :", ary: "الميساج ديالك:", "ary-Latn": "Lmessage dyalek:", en: "You:" },
  assistant: { fr: "Salam Casa :", ary: "سلام كازا:", "ary-Latn": "Salam Casa:", en: "Salam Casa:" },
  chosen: { fr: "(choisi)", ary: "(هادي اللي تختارت)", "ary-Latn": "(hadi li tkhtaret)", en: "(chosen)" },
  typing: { fr: "Salam Casa écrit…", ary: "سلام كازا كيكتب…", "ary-Latn": "Salam Casa kaykteb…", en: "Salam Casa is writing…" },
  pending: { fr: "Envoi en cours", ary: "كيتصيفط", "ary-Latn": "Kaytsifet", en: "Sending" },
  sent: { fr: "Envoyé", ary: "تصيفط", "ary-Latn": "Tsifet", en: "Sent" },
  notSent: {
    fr: "Pas envoyé. Touchez pour réessayer",
    ary: "ما تصيفطش. ورك هنا باش تعاود",
    "ary-Latn": "Ma tsifetch. Werrek hna bach t3awed",
    en: "Not sent. Tap to retry",
  },
  refused: {
    fr: "Ce message n'a pas pu être pris en compte.",
    ary: "هاد الميساج ما قدرش يتقبل.",
    "ary-Latn": "Had lmessage ma 9derch yt9bel.",
    en: "This message could not be accepted.",
  },
  remove: { fr: "Retirer", ary: "حيد", "ary-Latn": "7eyyed", en: "Remove" },
  offline: {
    fr: "Pas de connexion. Vos messages partiront dès qu'elle revient.",
    ary: "ما كايناش الكونيكسيون. الميساجات ديالك غادي يمشيو ملي ترجع.",
    "ary-Latn": "Makaynach connexion. Lmessages dyalek ghadi ymchiw melli terje3.",
    en: "No connection. Your messages will go when it is back.",
  },
  toEnd: {
    fr: "Aller au dernier message",
    ary: "سير لآخر ميساج",
    "ary-Latn": "Sir l akhir message",
    en: "Go to the last message",
  },
  today: { fr: "Aujourd'hui", ary: "ليوم", "ary-Latn": "Lyoum", en: "Today" },
  yesterday: { fr: "Hier", ary: "البارح", "ary-Latn": "Lbare7", en: "Yesterday" },
};

/** The examples of the first visit, each in its own variety. */
export const EXAMPLES = [
  { language: "fr", text: "Comment avoir un extrait de naissance ?" },
  { language: "ary-Latn", text: "bghit nbelegh 3la chi 7ofra" },
  { language: "ary", text: "فين أقرب محطة ديال الطرام؟" },
  { language: "en", text: "What's on at the expo?" },
];

/** A text of the page, with its `{placeholders}` filled. */
export function text(key, language, values = {}) {
  const words = language === "fr" ? typeset(TEXTS[key].fr) : TEXTS[key][language];
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** French typography: no line starts with a double sign of punctuation or a unit. */
function typeset(words) {
  return words.replace(/ (?=[?!:;»]|Mo\b)/g, "\u00a0");
}

/** The value of the `lang` attribute: Darija in Arabic letters goes under `ar`, which browsers and readers know. */
export function langOf(language) {
  return language === "ary" ? "ar" : language;
}

export function dirOf(language) {
  return language === "ary" ? "rtl" : "ltr";
}

/** The text of a server's `{fr, ary, ...}` in this language. */
export function pick(texts, language) {
  return texts?.[language] ?? texts?.fr ?? "";
}

const ARABIC = /\p{Script=Arabic}/u;
const LETTER = /\p{L}/u;

/** `rtl` when the first letter is Arabic: how a text without a stated language is laid out. */
export function directionOfText(words) {
  return ARABIC.test(words.match(LETTER)?.[0] ?? "") ? "rtl" : "ltr";
}

/** Language of what a person wrote, as far as the letters tell: digits inside Latin words are Arabizi. */
export function languageOfText(words) {
  if (directionOfText(words) === "rtl") return "ary";
  return /\p{L}[379]\p{L}|(?<![\p{L}\d])[379]\p{L}{2}|\p{L}{2}[379](?![\p{L}\d])/u.test(words) ? "ary-Latn" : "";
}

/** Fills every `data-t`, `data-t-label` and `data-t-placeholder` under `root`. */
export function translate(root, language) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = text(node.dataset.t, language);
  for (const node of root.querySelectorAll("[data-t-label]")) {
    const words = text(node.dataset.tLabel, language);
    node.setAttribute("aria-label", words);
    if (node.matches("button")) node.title = words;
  }
  for (const node of root.querySelectorAll("[data-t-placeholder]")) {
    node.placeholder = text(node.dataset.tPlaceholder, language);
  }
}

const ZONE = "Africa/Casablanca";
const LATIN_WEEKDAYS = { Sun: "l7edd", Mon: "letnin", Tue: "tlat", Wed: "larb3", Thu: "lkhmis", Fri: "jjem3a", Sat: "ssebt" };
const LOCALES = { fr: "fr", ary: "ar-MA-u-nu-latn", "ary-Latn": "fr", en: "en-GB" };

const formats = new Map();

function format(moment, locale, options) {
  const key = locale + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options }));
  return formats.get(key).format(moment);
}

/** The time of day in Casablanca, as 14:30. */
export function clock(moment) {
  return format(moment, "en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** The date in Casablanca as 2026-11-23: what tells one day from the next. */
export function dayKey(moment) {
  return format(moment, "sv-SE", { year: "numeric", month: "2-digit", day: "2-digit" });
}

/** The day in words, as people say it. */
export function dayName(moment, language, now = new Date()) {
  if (dayKey(moment) === dayKey(now)) return text("today", language);
  if (dayKey(moment) === dayKey(new Date(now.getTime() - 86_400_000))) return text("yesterday", language);
  const date = format(moment, LOCALES[language], { day: "numeric", month: "long" });
  const weekday = format(moment, LOCALES[language], { weekday: "long" });
  if (language === "ary") return `نهار ${weekday} ${date}`;
  if (language === "ary-Latn") return `nhar ${LATIN_WEEKDAYS[format(moment, "en-GB", { weekday: "short" })]} ${date}`;
  return `${weekday} ${date}`;
}
