// Numbers that Python sent as text, and numbers as people read them.

/** The numbers of a `kind`, such as Float32Array, in a block of bytes that is given in base64. */
function decoded(text, kind = Uint8Array) {
  return new kind(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer);
}

/** A number with so many digits that count, and a true minus; a power of ten with `decimals` where it is very small or large. */
function short(value, digits = 3, decimals = 1) {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const isPlain = size === 0 || (size >= 1e-3 && size < 1e5);
  const text = isPlain ? String(Number(value.toPrecision(digits))) : value.toExponential(decimals);
  return text.replaceAll("-", "−");
}

/** A share in percent with one decimal; one that is not 0 or 1 is not written so. */
function percent(share) {
  if (share > 0 && share < 0.0005) return "< 0.1\u00a0%";
  return share >= 0.9995 && share < 1 ? "> 99.9\u00a0%" : `${(100 * share).toFixed(1)}\u00a0%`;
}
