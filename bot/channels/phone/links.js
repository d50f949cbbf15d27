// Finds what can be tapped in a text of the assistant: https pages and telephone numbers. Returns data, never markup.

const END = String.raw`\s<>"«»\u2066-\u2069\u200e\u200f`;
const GAP = String.raw`[ .\-\u00a0\u202f]?`;

const ADDRESS = new RegExp(String.raw`(?<![\w@])(https?):\/\/[^${END}]+`, "giu");
const DOMAIN = new RegExp(
  String.raw`(?<![\w@.\/-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:ma|com|org|net|info)(?![\w@-]|\.\w)(?:\/[^${END}]*)?`,
  "giu",
);
const NATIONAL = new RegExp(String.raw`(?<![\d+])0${GAP}[5-8](?:${GAP}\d){8}(?!\d)`, "gu");
const INTERNATIONAL = new RegExp(String.raw`(?<![\d+])(?:\+|00)[1-9](?:${GAP}\d){7,13}(?!\d)`, "gu");

// A short number ("15", "37 37") is one only where somebody is told to call it; everywhere else it may be a price or an hour.
const BLANK = String.raw`[\s\u2066-\u2069\u200e\u200f]`;
const CALL =
  /(?<![\p{L}\p{N}])(?:appele[zr]|appelle|compose[zr]|téléphone[zr]|عيطو?|عيطي|3eyy?(?:et|to|tou|ti)|call|dial)(?![\p{L}\p{N}])/giu;
const NOW = String.raw`(?:(?:tout de suite|directement|maintenant|vite|دابا|daba|now)${BLANK}+)?`;
const SHORT = new RegExp(
  String.raw`${BLANK}*${NOW}(?:(?:le|au|l|ل|لـ|to)${BLANK}*)?(?<number>\d{2}[ \u00a0\u202f]\d{2}|\d{4}|1\d\d?)(?!\d)`,
  "iuy",
);
const NOT_A_NUMBER =
  /^(?:[:/]\d|[\s\u2069]*(?:[\d%°]|h(?!\p{L})|heures?|min|jours?|dh|dirhams?|euros?|am\b|pm\b|درهم|يوم|دقيقة|janv|févr|mars|avril|mai|juin|juil|août|sept|oct|nov|déc|jan|feb|apr|may|jun|jul|aug|dec))/iu;
const NEXT = new RegExp(
  String.raw`${BLANK}*(?:\([^()\n]{0,60}\))?${BLANK}*(?:[,،]|(?<![\p{L}\p{N}])(?:ou|et|or|and|wla|w|ولا|و))(?=${BLANK}|\d)`,
  "iuy",
);

/** The text cut into `{text, href?}` in order; joined, the texts are the text. */
export function segments(text) {
  const found = [...addresses(text), ...domains(text), ...telephones(text), ...shortNumbers(text)];
  found.sort((one, other) => one.start - other.start || other.text.length - one.text.length);
  const result = [];
  let position = 0;
  for (const { start, text: words, href } of found) {
    if (start < position) continue;
    if (start > position) result.push({ text: text.slice(position, start) });
    position = start + words.length;
    result.push(href ? { text: words, href } : { text: words });
  }
  if (position < text.length) result.push({ text: text.slice(position) });
  return result;
}

function* addresses(text) {
  for (const match of text.matchAll(ADDRESS)) {
    const words = trimmed(match[0]);
    // An http address stays as it is written, and its domain is not linked either.
    yield { start: match.index, text: words, href: match[1].toLowerCase() === "https" ? web(words) : null };
  }
}

function* domains(text) {
  for (const match of text.matchAll(DOMAIN)) {
    const words = trimmed(match[0]);
    yield { start: match.index, text: words, href: web(`https://${words}`) };
  }
}

function* telephones(text) {
  for (const match of text.matchAll(NATIONAL)) {
    yield { start: match.index, text: match[0], href: `tel:+212${digits(match[0]).slice(1)}` };
  }
  for (const match of text.matchAll(INTERNATIONAL)) {
    yield { start: match.index, text: match[0], href: `tel:+${digits(match[0]).replace(/^00/, "")}` };
  }
}

function* shortNumbers(text) {
  for (const call of text.matchAll(CALL)) {
    let position = call.index + call[0].length;
    for (;;) {
      SHORT.lastIndex = position;
      const match = SHORT.exec(text);
      if (!match || NOT_A_NUMBER.test(text.slice(SHORT.lastIndex))) break;
      position = SHORT.lastIndex;
      const { number } = match.groups;
      yield { start: position - number.length, text: number, href: `tel:${digits(number)}` };
      NEXT.lastIndex = position;
      if (!NEXT.test(text)) break;
      position = NEXT.lastIndex;
    }
  }
}

/** Without the punctuation that ends the sentence; a bracket stays when it was opened inside. */
function trimmed(words) {
  const short = words.replace(/[.,;:!?…'’"”،؛؟\])}]+$/u, "");
  return short.includes("(") && words.startsWith(`${short})`) ? `${short})` : short;
}

function web(address) {
  try {
    const url = new URL(address);
    return url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

function digits(number) {
  return number.replace(/\D/g, "");
}
