// The desk works without this file; it only saves a reload here and there.
"use strict";

// A text is shown as each service will show it, and its length counted, while it is written. The server renders it.
for (const area of document.querySelectorAll("textarea[data-preview]")) {
  const preview = document.getElementById(area.dataset.preview);
  let waiting;
  const show = async () => {
    const text = area.value;
    const related = [...area.form.querySelectorAll("select[name=related]")].map((select) => ["related", select.value]);
    const query = new URLSearchParams([["text", text], ["language", area.lang], ...related]);
    const answer = await fetch(`/staff/faq/preview?${query}`).catch(() => null);
    if (answer && answer.ok && !answer.redirected && area.value === text) preview.innerHTML = await answer.text();
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  };
  area.addEventListener("input", soon);
  for (const select of area.form.querySelectorAll("select[name=related]")) select.addEventListener("change", soon);
}

// How long a text is, beside what is allowed.
for (const area of document.querySelectorAll("textarea[data-longest]")) {
  const count = document.querySelector(`[data-count="${area.id}"]`);
  const longest = Number(area.dataset.longest);
  area.addEventListener("input", () => {
    const length = area.value.trim().length;
    count.textContent = `${length} / ${longest}`;
    count.classList.toggle("over", length > longest);
  });
}

// Words that are written already go to the end of what somebody is writing, instead of in its place.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-into]");
  const area = link && document.getElementById(link.dataset.into);
  if (!area) return;
  event.preventDefault();
  area.value = [area.value.trim(), link.dataset.words].filter(Boolean).join("\n\n").slice(0, area.maxLength);
  area.dispatchEvent(new Event("input"));
  area.focus();
});

// One tick for a whole list.
for (const line of document.querySelectorAll("[data-needs-script]")) line.hidden = false;
for (const all of document.querySelectorAll("input[data-all]")) {
  all.addEventListener("change", () => {
    for (const box of all.form.querySelectorAll(`input[name="${all.dataset.all}"]`)) box.checked = all.checked;
  });
}

// On a phone the previews would push everything else far down: they open with a tap.
if (matchMedia("(max-width: 40rem)").matches) {
  for (const previews of document.querySelectorAll(".previews")) previews.open = false;
}

// A second click on the same button sends nothing twice.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
}

// "Again" sends an empty message.
for (const button of document.querySelectorAll("button[data-empty]")) {
  button.addEventListener("click", () => {
    button.form.elements[button.dataset.empty].value = "";
  });
}

// Words that were typed and not saved are not lost by a wrong tap.
const editor = document.getElementById("editor");
if (editor) {
  let changed = "unsaved" in editor.dataset;
  editor.addEventListener("input", () => { changed = true; });
  editor.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

// The newest message of a chat is in sight.
for (const chat of document.querySelectorAll(".chat")) chat.scrollTop = chat.scrollHeight;

// A page that looks for news by itself is nobody at work: it says so, and keeps no session open.
async function lookAgain(address, timer) {
  if (document.hidden) return null;
  const answer = await fetch(address, { headers: { "X-By-Itself": "1" } }).catch(() => null);
  if (answer && answer.redirected) {
    clearInterval(timer);
    document.getElementById("ended").hidden = false;
  }
  return answer && answer.ok && !answer.redirected ? answer.text() : null;
}

// News of a conversation come in without a reload, so that a half-written answer stays.
const news = document.querySelector("[data-news]");
if (news) {
  const timer = setInterval(async () => {
    const text = await lookAgain(news.dataset.news, timer);
    if (text === null || text === news.dataset.seen) return;
    const atEnd = news.scrollHeight - news.scrollTop - news.clientHeight < 60;
    news.innerHTML = text;
    news.dataset.seen = text;
    if (atEnd) news.scrollTop = news.scrollHeight;
  }, 3000);
}

// A part of a page that changes by itself is fetched anew, while nobody is typing in it.
for (const part of document.querySelectorAll("[data-again][id]")) {
  const timer = setInterval(async () => {
    if (part.contains(document.activeElement)) return;
    const text = await lookAgain(location.pathname + location.search, timer);
    const fresh = text && new DOMParser().parseFromString(text, "text/html").getElementById(part.id);
    if (!fresh) return;
    part.innerHTML = fresh.innerHTML;
    if (!fresh.dataset.again) clearInterval(timer);
  }, Number(part.dataset.again) * 1000);
}
