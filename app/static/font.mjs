// The font of the pages: the characters of Dutch and English, and the weights that the style has. Everything else is drawn
// in a font of the reader's machine.

import subsetFont from "subset-font";

const ascii = Array.from({ length: 95 }, (_, place) => String.fromCharCode(32 + place)).join("");
// Accents of Dutch and Frisian words, and of names from the languages round about.
const letters = "áàâäãåæçéèêëíìîïñóòôöõøúùûüýÿßÁÀÂÄÅÆÇÉÈÊËÍÎÏÑÓÔÖØÚÛÜ";
const signs = "–—‘’‚“”„…•€−→′″°·×º²³µ½«»©";
const spaces = "\u00a0\u00ad";
const WEIGHTS = { min: 400, max: 700, default: 400 };

export function makeFont(font) {
  // Without the glyphs of small capitals, fractions and the like: the digits are of one width anyway.
  const options = { targetFormat: "woff2", variationAxes: { wght: WEIGHTS }, noLayoutClosure: true };
  return subsetFont(font, ascii + letters + signs + spaces, options);
}
