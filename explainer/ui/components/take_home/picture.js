// The pictures of a page, each as one SVG with the address that reopens it, and as a PNG of twice as many pixels.

const MARGIN = 16;
const NARROWEST = 352; // pixels of a picture with its source below it
const LINE = 18; // pixels from one line of the source to the next
const SMALLEST = 40; // pixels: what is smaller is no picture
const SHARPER = 2;
const SHOWN = '.js-plotly-plot, [data-testid="stImage"]'; // what Streamlit shows itself

/** What the page has drawn, from its top: browser components with something painted in them, charts and images. */
function picturesOf(page) {
  const places = [...page.querySelectorAll("*")].filter((each) => each.shadowRoot || each.matches(SHOWN));
  return places.filter((place) => !place.closest(".st-key-menu_bar, .st-key-take_home") && isPainted(place));
}

function isPainted(place) {
  const { width, height } = place.getBoundingClientRect();
  const painted = (place.shadowRoot ?? place).querySelectorAll("canvas, img, svg, [role=application]");
  return Math.min(width, height) >= SMALLEST && [...painted].some((each) => each.getBoundingClientRect().width && !each.closest(CONTROLS));
}

/** What a picture is called: as it calls itself to those who cannot see it, without how its keys move it. */
function nameOf(place) {
  const root = place.shadowRoot ?? place;
  const named = place.closest("[aria-label]") ?? root.querySelector("[role=application][aria-label], [role=img][aria-label], [role=group][aria-label]");
  const name = named?.getAttribute("aria-label") ?? root.querySelector("h4")?.textContent ?? "";
  return name.split(/(?<=\.) /)[0];
}

/** The address that reopens what is shown, also where the page is part of another. */
function address() {
  const here = new URL(location.href);
  for (const name of ["embed", "embed_options"]) here.searchParams.delete(name);
  here.hash = "";
  return here.href;
}

/** The picture as an SVG element, on the page's ground; a chart in the `twins` of its colours, if there are such. */
function drawnAlone(place, twins = null) {
  return inTwins(isChart(place) ? twins : null, () => drawnOnGround(place));
}

/** Charts are coloured by the server. */
function isChart(place) {
  return place.matches(".js-plotly-plot") || Boolean(place.shadowRoot?.querySelector(".js-plotly-plot"));
}

function drawnOnGround(place) {
  const { node, box } = new Drawing(place);
  const [width, height] = [box.right - box.left + 2 * MARGIN, box.bottom - box.top + 2 * MARGIN];
  const svg = document.createElementNS(SVG, "svg");
  setAttributes(svg, { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` });
  appendSvg(svg, "rect", { width: "100%", height: "100%", fill: paintOf(groundOf(place))[0] });
  svg.append(setAttributes(node, { transform: `translate(${MARGIN - box.left} ${MARGIN - box.top})` }));
  return svg;
}

/** The picture with its `source` and its `link` below it. */
function pictureOf(place, source, link) {
  const svg = drawnAlone(place);
  const style = getComputedStyle(place);
  const { width: drawn, height: end } = svg.viewBox.baseVal;
  const width = Math.max(drawn, NARROWEST);
  const lines = broken(link, width - 2 * MARGIN, style.fontFamily);
  const height = end + (1 + lines.length) * LINE + MARGIN / 2;
  setAttributes(svg, { width, height, viewBox: `0 0 ${width} ${height}` });
  appendSvg(svg, "title", {}, source);
  appendSvg(svg, "desc", {}, link);
  const font = { "font-family": style.fontFamily, "font-size": 12, fill: paintOf(style.color)[0] };
  appendSvg(svg, "text", { ...font, x: MARGIN, y: end + 0.7 * LINE }, source);
  const anchor = appendSvg(svg, "a", { href: link });
  lines.forEach((line, i) => appendSvg(anchor, "text", { ...font, x: MARGIN, y: end + (i + 1.7) * LINE }, line));
  return svg;
}

/** The colour behind a picture. */
function groundOf(place) {
  for (let each = place; each; each = each.parentElement) {
    const { backgroundColor } = getComputedStyle(each);
    if (paintOf(backgroundColor)[1] === 1) return backgroundColor;
  }
  return "white";
}

/** A text without spaces in lines of at most `width` pixels. */
function broken(text, width, family) {
  brush.font = `12px ${family}`;
  const lines = [""];
  for (const character of text) {
    if (brush.measureText(lines.at(-1) + character).width > width) lines.push("");
    lines[lines.length - 1] += character;
  }
  return lines;
}

function textOf(svg) {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}`;
}

/** The pixels of an SVG, which holds all that it shows: nothing of another site, so that a canvas gives it back. */
async function pixelsOf(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(textOf(svg))}`;
  await image.decode();
  const [width, height] = ["width", "height"].map((name) => Math.round(SHARPER * svg.getAttribute(name)));
  const canvas = setAttributes(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Hands a file over, as a download. */
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
