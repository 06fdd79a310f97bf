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

// The page does not wait for an address service. Where it cannot be asked the page says so, in small letters.
const nearest = document.querySelector("[data-nearest-address]");
if (nearest) {
  findNearestAddress(nearest.dataset.nearestAddress)
    .then((text) => text && showNearestAddress(nearest, ` (${text})`))
    .catch(() => {
      nearest.classList.add("muted", "small");
      showNearestAddress(nearest, ` ${nearest.dataset.failed}`);
    });
}

// Nothing where no address is near.
async function findNearestAddress(address) {
  const response = await fetch(address);
  const { text, addressSearch } = await response.json();
  if (!text && addressSearch !== "answered") throw new Error(addressSearch);
  return text;
}

function showNearestAddress(element, text) {
  element.textContent = text;
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
