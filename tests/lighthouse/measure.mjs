// node measure.mjs library port form categories cookie address…: Lighthouse in the browser of that port; one line of JSON for each address.
// This way of running it reports nothing to its makers.

const [library, port, form, categories, cookie, ...addresses] = process.argv.slice(2);
const { default: lighthouse, desktopConfig } = await import(library);
const options = {
  port: Number(port),
  output: "json",
  logLevel: "error",
  onlyCategories: categories.split(","),
  ...(cookie && { extraHeaders: { Cookie: cookie } }),
};
for (const address of addresses) {
  const { lhr } = await lighthouse(address, options, form === "desktop" ? desktopConfig : undefined);
  const failed = Object.values(lhr.categories)
    .flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight))
    .map(({ id }) => lhr.audits[id])
    .filter(({ score }) => score !== null && score < 0.9);
  const number = (id) => lhr.audits[id]?.numericValue ?? null;
  const answer = {
    address,
    final_address: lhr.finalDisplayedUrl,
    problem: lhr.runtimeError?.message ?? null,
    scores: Object.fromEntries(Object.entries(lhr.categories).map(([id, { score }]) => [id, Math.round(score * 100)])),
    failed: failed.map(({ id, displayValue }) => (displayValue ? `${id} (${displayValue})` : id)),
    first_paint_ms: number("first-contentful-paint"),
    largest_paint_ms: number("largest-contentful-paint"),
    blocked_ms: number("total-blocking-time"),
    layout_shift: number("cumulative-layout-shift"),
    bytes: number("total-byte-weight"),
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
