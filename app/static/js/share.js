// "Share": the browser's own sheet where it has one, else the address is copied. Without JavaScript the link leads to
// the address as text.

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
