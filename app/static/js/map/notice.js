// What a map has to say in words, by topic: that it is loading, or what it could not get. An empty text takes the words away.

export function say(element, topic, text) {
  const notice = element.querySelector("[data-map-notice]");
  const said = notice?.querySelector(`[data-topic="${topic}"]`);
  if (!notice || (said?.textContent ?? "") === text) return;
  said?.remove();
  if (!text) return;
  const words = Object.assign(document.createElement("span"), { textContent: text });
  words.dataset.topic = topic;
  notice.append(words);
}
