// The desk works without this file; it only saves a reload here and there.
"use strict";

// A text is shown as it will look, and its length counted, while it is written.
for (const area of document.querySelectorAll("textarea[data-preview]")) {
  const preview = document.getElementById(area.dataset.preview);
  const count = document.querySelector(`[data-count="${area.id}"]`);
  const longest = Number(area.dataset.longest);
  let waiting;
  area.addEventListener("input", () => {
    const text = area.value.trim();
    preview.textContent = text;
    count.textContent = `${text.length} / ${longest}`;
    count.classList.toggle("over", text.length > longest);
    if (area.dir !== "rtl") return;
    // The marks of direction come from the server, which gives them to the chat as well.
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const answer = await fetch(`/staff/faq/preview?${new URLSearchParams({ text })}`).catch(() => null);
      if (answer && answer.ok && area.value.trim() === text) preview.textContent = await answer.text();
    }, 400);
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
  let changed = false;
  editor.addEventListener("input", () => { changed = true; });
  editor.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

// The newest message of a chat is in sight.
for (const chat of document.querySelectorAll(".chat")) chat.scrollTop = chat.scrollHeight;

// News of a conversation come in without a reload, so that a half-written answer stays.
const news = document.querySelector("[data-news]");
if (news) {
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(news.dataset.news).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const text = await answer.text();
    if (text === news.dataset.seen) return;
    const atEnd = news.scrollHeight - news.scrollTop - news.clientHeight < 60;
    news.innerHTML = text;
    news.dataset.seen = text;
    if (atEnd) news.scrollTop = news.scrollHeight;
  }, 3000);
}

// A part of a page that changes by itself is fetched anew, while nobody is typing in it.
for (const part of document.querySelectorAll("[data-again][id]")) {
  const timer = setInterval(async () => {
    if (document.hidden || part.contains(document.activeElement)) return;
    const answer = await fetch(location.pathname + location.search).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
    if (!fresh) return;
    part.innerHTML = fresh.innerHTML;
    if (!fresh.dataset.again) clearInterval(timer);
  }, Number(part.dataset.again) * 1000);
}
