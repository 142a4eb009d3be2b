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

/** A share in percent with so many decimals; one that is not 0 or 1 is not written so. */
function percent(share, decimals = 1) {
  const text = (100 * share).toFixed(decimals);
  const least = 10 ** -decimals;
  if (share > 0 && Number(text) === 0) return `< ${least.toFixed(decimals)}\u00a0%`;
  if (share < 1 && Number(text) === 100) return `> ${(100 - least).toFixed(decimals)}\u00a0%`;
  return `${text}\u00a0%`;
}

/** A probability in percent with so many decimals: none is 0 or 1, though a computed one may round to that. */
function probability(value, decimals = 1) {
  return percent(Math.min(Math.max(value, Number.EPSILON), 1 - Number.EPSILON), decimals);
}
