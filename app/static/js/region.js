// Takes one marked region of a page from the answer at another address: what the server made is shown as it is.

// Throws when there is no answer.
export async function fetchDocument(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

export const findRegion = (page, name) => page.querySelector(`[data-region="${name}"]`);

export function swapRegion(name, from) {
  const next = document.adoptNode(findRegion(from, name));
  findRegion(document, name).replaceWith(next);
  return next;
}

// The work, whose result is null when it was called again in the meantime.
export function onlyLatest(work) {
  let latest = 0;
  return async (...given) => {
    const call = ++latest;
    const result = await work(...given);
    return call === latest ? result : null;
  };
}
