// The page of a sensor, its label and its letters: nearest address, share, copy, print. Without JavaScript the address is there as text,
// and the label and letters as PDF; their buttons stay hidden.

const link = document.querySelector("[data-share]");
if (link) {
  const message = document.querySelector("#share [role=status]");
  link.addEventListener("click", async (event) => {
    const { share: url, title, copied } = link.dataset;
    if (navigator.share) {
      event.preventDefault();
      // Closing the sheet without choosing rejects the promise; nothing has gone wrong then.
      await navigator.share({ title, url }).catch(() => {});
    } else if (navigator.clipboard) {
      event.preventDefault();
      await navigator.clipboard.writeText(url);
      message.textContent = copied;
    }
  });
}

// The page does not wait for an address service; without an answer nothing is said.
const nearest = document.querySelector("[data-nearest-address]");
if (nearest) showNearestAddress(nearest).catch(() => {});

async function showNearestAddress(element) {
  const response = await fetch(element.dataset.nearestAddress);
  if (!response.ok) return;
  const { text } = await response.json();
  if (!text) return;
  element.textContent = ` (${text})`;
  element.hidden = false;
}

const show = (button) => {
  button.closest("[hidden]").hidden = false;
};

for (const button of document.querySelectorAll("[data-print]")) {
  show(button);
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  // A page that did not come over a secure connection has no clipboard.
  if (!navigator.clipboard) continue;
  show(button);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).innerText);
    document.querySelector("[data-message]").textContent = button.dataset.copied;
  });
}

// On paper nothing can be folded out.
let folded = [];
window.addEventListener("beforeprint", () => {
  folded = Array.from(document.querySelectorAll("main details:not([open])"));
  for (const details of folded) details.open = true;
});
window.addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
});
