// Shares of the width and height of a map that stay free on each side of its bounds: the same as in app/website/picture/frame.py,
// so that the map takes the place of its picture and nothing moves.
export const MARGIN_ACROSS = 0.06;
export const MARGIN_DOWN = 0.11;
