// Numbers as text, and small helpers for elements.

/** A number with at most so many decimals; powers of ten where those would show nothing, or too many digits. */
function format(value, decimals) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  let text;
  if (size >= 99999.5 || size < 0.5 * 10 ** -decimals) {
    const [digits, power] = value.toExponential(size >= 99999.5 ? Math.min(decimals, 2) : 1).split("e");
    text = `${trim(digits)}e${Number(power)}`;
  } else text = trim(value.toFixed(decimals));
  return text.replaceAll("-", "−");
}

function trim(digits) {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

/** A number after an operator: negative ones in brackets. */
function operand(value, decimals) {
  const text = format(value, decimals);
  return text.startsWith("−") ? `(${text})` : text;
}

/** Rounding errors of a sum as exact zeros; `rounding` is their share of what was added up. */
function clean(value, scale, rounding) {
  return Math.abs(value) < rounding * scale ? 0 : value;
}
