// "Where I am": the button is shown where the browser has geolocation, which is requested only on a press.
// The location is only used in the address of the result; five decimals are about a metre.

const block = document.querySelector("[data-nearby]");

if (!("geolocation" in navigator && window.isSecureContext)) block?.remove();
else if (block) {
  const button = block.querySelector("button");
  const message = block.querySelector("[role=status]");
  block.hidden = false;

  button.addEventListener("click", () => {
    message.textContent = block.dataset.searching;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const address = new URL(block.dataset.nearby, window.location.href);
        address.searchParams.set("plek", `${coords.longitude.toFixed(5)},${coords.latitude.toFixed(5)}`);
        window.location.assign(address);
      },
      () => {
        message.textContent = block.dataset.refused;
      },
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  });
}
