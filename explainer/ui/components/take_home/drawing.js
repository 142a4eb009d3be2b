// What a page shows, drawn once more as one SVG that stands for itself: boxes, texts, the pixels of canvases, and the
// SVG that is there, with its styles written out. No foreign HTML: every program for drawings can open it.

const SVG = "http://www.w3.org/2000/svg";
const CONTROLS = "label:has(input), input, select, textarea, .transport, .button, .unseen, .floating, [popover], [hidden], script, style";
// Of an SVG's element: what style sheets may say of it.
const PRESENTATION = ["fill", "fill-opacity", "fill-rule", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray",
  "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "opacity", "visibility", "display", "font-family",
  "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline", "paint-order", "clip-path", "transform",
  "marker-start", "marker-end", "vector-effect", "overflow", "letter-spacing", "stop-color", "stop-opacity"]; // prettier-ignore
const PAINTS = new Set(["fill", "stroke", "stop-color"]);
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu; // no XML may hold them

const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const paints = new Map(); // a colour as CSS writes it -> its channels, opacity last, 0 to 255
let twinOf = null; // the channels that are painted in the place of others, where that is so

/** A colour of CSS, which may be of a newer notation than programs for drawings know: [#rrggbb, opacity]. */
function paintOf(css) {
  if (!paints.has(css)) {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = css;
    brush.fillRect(0, 0, 1, 1);
    paints.set(css, [...brush.getImageData(0, 0, 1, 1).data]);
  }
  const [red, green, blue, alpha] = paints.get(css);
  const channels = twinOf ? twinOf([red, green, blue]) : [red, green, blue];
  return [`#${channels.map((each) => each.toString(16).padStart(2, "0")).join("")}`, alpha / 255];
}

/** What `make` gives while colours are painted as their twins. */
function inTwins(twins, make) {
  twinOf = twins;
  try {
    return make();
  } finally {
    twinOf = null;
  }
}

/** An SVG's image, of one pixel a CSS pixel, in the twins of its colours. */
function imageInTwins(image) {
  const [width, height] = [image.width, image.height].map((each) => Math.max(1, Math.round(each.baseVal.value)));
  const context = setAttributes(document.createElement("canvas"), { width, height }).getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(image, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height);
  for (let at = 0; at < pixels.data.length; at += 4) pixels.data.set(twinOf([...pixels.data.subarray(at, at + 3)]), at);
  context.putImageData(pixels, 0, 0);
  return context.canvas.toDataURL();
}

/** An element's picture in CSS pixels: `node`, a group of SVG, and the `box` that it fills, in the window. */
class Drawing {
  constructor(element) {
    this.node = document.createElementNS(SVG, "g");
    this.defs = appendSvg(this.node, "defs");
    this.box = null;
    this.clips = [];
    this.draw(element, this.node);
    this.box ??= element.getBoundingClientRect();
  }

  /** Makes room for a box of the window, as far as nothing clips it. */
  reach({ left, top, right, bottom }) {
    for (const clip of this.clips) {
      [left, right] = [Math.max(left, clip.left), Math.min(right, clip.right)];
      [top, bottom] = [Math.max(top, clip.top), Math.min(bottom, clip.bottom)];
    }
    if (right <= left || bottom <= top) return;
    const { box } = this;
    this.box = box
      ? { left: Math.min(box.left, left), top: Math.min(box.top, top), right: Math.max(box.right, right), bottom: Math.max(box.bottom, bottom) }
      : { left, top, right, bottom };
  }

  draw(element, parent) {
    const style = getComputedStyle(element);
    if (element.matches(CONTROLS) || style.display === "none" || style.opacity === "0") return;
    const inner = style.opacity === "1" ? parent : appendSvg(parent, "g", { opacity: style.opacity });
    const box = element.getBoundingClientRect();
    if (style.visibility === "visible") this.drawBox(box, style, inner);
    if (element instanceof SVGSVGElement) return this.drawSvg(element, box, inner);
    if (element.matches("canvas, img")) this.drawPixels(element, box, style, inner);
    else this.drawInside(element, box, style, inner);
    this.drawOutline(element, box, style, inner);
  }

  drawInside(element, box, style, parent) {
    const isClipped = style.overflowX !== "visible" && style.display !== "inline";
    const inner = isClipped ? this.clipped(box, parent) : parent;
    if (isClipped) this.clips.push(box);
    const children = [...(element.shadowRoot ?? element).childNodes].filter((each) => each instanceof Element || each instanceof Text);
    for (const child of children.sort((a, b) => depthOf(a) - depthOf(b))) {
      if (child instanceof Text) this.drawText(child, style, inner);
      else this.draw(child, inner);
    }
    if (isClipped) this.clips.pop();
  }

  clipped(box, parent) {
    const id = `clip-${Drawing.next++}`;
    appendSvg(appendSvg(this.defs, "clipPath", { id }), "rect", rectangle(box));
    return appendSvg(parent, "g", { "clip-path": `url(#${id})` });
  }

  /** Background, border, and a ring around them. */
  drawBox(box, style, parent) {
    if (!box.width || !box.height) return;
    const round = { rx: Math.min(parseFloat(style.borderTopLeftRadius) || 0, box.height / 2) };
    const [fill, opacity] = paintOf(style.backgroundColor);
    if (opacity) this.add(parent, box, { ...rectangle(box), ...round, fill, "fill-opacity": opacity });
    for (const hatch of style.backgroundImage.matchAll(HATCHING)) this.add(parent, box, { ...rectangle(box), ...round, fill: this.hatching(hatch) });
    const ring = style.boxShadow.match(RING);
    if (ring) this.drawRing(box, paintOf(ring[1]), Number(ring[2]), ring[3] ? ring[2] / 2 : -ring[2] / 2, round, parent);
    this.drawBorder(box, style, round, parent);
  }

  add(parent, box, attributes) {
    this.reach(box);
    appendSvg(parent, "rect", attributes);
  }

  drawRing(box, [stroke, opacity], width, inset, { rx }, parent) {
    const { left, top, right, bottom } = box;
    const line = new DOMRect(left + inset, top + inset, right - left - 2 * inset, bottom - top - 2 * inset);
    if (line.width < 0 || line.height < 0 || !opacity) return;
    this.add(parent, box, { ...rectangle(line), rx: Math.max(0, rx - inset), fill: "none", stroke, "stroke-opacity": opacity, "stroke-width": width });
  }

  /** What marks an element; not what says that the keyboard is in it. */
  drawOutline(element, box, style, parent) {
    if (style.outlineStyle === "none" || element.matches(":focus")) return;
    const [width, offset] = [parseFloat(style.outlineWidth), parseFloat(style.outlineOffset)];
    if (width) this.drawRing(box, paintOf(style.outlineColor), width, -offset - width / 2, { rx: 0 }, parent);
  }

  drawBorder(box, style, round, parent) {
    const sides = ["Top", "Right", "Bottom", "Left"].map((side) => ({
      width: style[`border${side}Style`] === "none" ? 0 : parseFloat(style[`border${side}Width`]),
      color: style[`border${side}Color`],
    }));
    const [first] = sides;
    if (sides.every(({ width, color }) => width === first.width && color === first.color)) {
      if (first.width) this.drawRing(box, paintOf(first.color), first.width, first.width / 2, round, parent);
      return;
    }
    const { left, top, right, bottom } = box;
    const corners = [[left, top, right, top], [right, top, right, bottom], [left, bottom, right, bottom], [left, top, left, bottom]]; // prettier-ignore
    const inwards = [[0, 1], [-1, 0], [0, -1], [1, 0]]; // prettier-ignore
    sides.forEach(({ width, color }, i) => {
      const [stroke, opacity] = paintOf(color);
      if (!width || !opacity) return;
      const [x1, y1, x2, y2] = corners[i].map((end, k) => end + (inwards[i][k % 2] * width) / 2);
      appendSvg(parent, "line", { x1, y1, x2, y2, stroke, "stroke-opacity": opacity, "stroke-width": width });
      this.reach(box);
    });
  }

  /** The paint of a hatching: lines of one pixel, `period` pixels apart. */
  hatching([, angle, color, period]) {
    const id = `hatching-${Drawing.next++}`;
    const [fill, opacity] = paintOf(color);
    const pattern = appendSvg(this.defs, "pattern", { id, width: period, height: period, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${Number(angle) + 90})` });
    appendSvg(pattern, "rect", { width: 1, height: period, fill, "fill-opacity": opacity });
    return `url(#${id})`;
  }

  /** Cells that are drawn as one pixel each are made larger here: programs for drawings would blur them. */
  drawPixels(source, box, style, parent) {
    const width = source.naturalWidth ?? source.width;
    const height = source.naturalHeight ?? source.height;
    if (!width || !height || !box.width || style.visibility !== "visible") return;
    const isPixelated = ["pixelated", "crisp-edges"].includes(style.imageRendering);
    const times = isPixelated ? Math.max(1, Math.ceil((2 * box.width) / width)) : 1;
    const canvas = setAttributes(document.createElement("canvas"), { width: width * times, height: height * times });
    const context = canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    this.reach(box);
    appendSvg(parent, "image", { ...rectangle(box), href: canvas.toDataURL(), preserveAspectRatio: "none" });
  }

  drawText(node, style, parent) {
    if (!node.data.trim() || style.visibility !== "visible") return;
    const [fill, opacity] = paintOf(style.color);
    brush.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = brush.measureText("x");
    const font = { "font-family": style.fontFamily, "font-size": style.fontSize, "font-weight": style.fontWeight, "font-style": style.fontStyle, fill, "fill-opacity": opacity };
    if (style.writingMode !== "horizontal-tb") return this.drawUpright(node, style, { ...font, dy: (ascent - descent) / 2 }, parent);
    for (const { text, box } of linesOf(node)) {
      const shown = (style.textTransform === "uppercase" ? text.toUpperCase() : text).replace(FORBIDDEN, "");
      this.reach(box);
      const at = { x: box.left, y: (box.top + box.bottom + ascent - descent) / 2, textLength: box.right - box.left };
      appendSvg(parent, "text", { ...at, ...font, lengthAdjust: "spacingAndGlyphs" }, shown);
    }
  }

  /** A line that is read from its side: downwards, or upwards where it is turned about. */
  drawUpright(node, style, font, parent) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const angle = new DOMMatrix(style.transform).a < 0 ? 270 : 90;
    this.reach(box);
    appendSvg(parent, "text", { ...font, x, y, "text-anchor": "middle", transform: `rotate(${angle} ${x} ${y})` }, node.data.replace(FORBIDDEN, ""));
  }

  drawSvg(element, box, parent) {
    const copy = element.cloneNode(true);
    writeStyles(element, copy);
    const images = twinOf ? [...element.querySelectorAll("image")] : [];
    copy.querySelectorAll("image").forEach((image, i) => images[i] && image.setAttribute("href", imageInTwins(images[i])));
    copy.removeAttribute("transform"); // what a style sheet moves, the box knows already
    parent.append(setAttributes(copy, { ...rectangle(box), overflow: getComputedStyle(element).overflow }));
    if (box.width && box.height) this.reach(box);
    if (copy.getAttribute("overflow") !== "visible") return;
    for (const text of element.querySelectorAll("text")) this.reach(text.getBoundingClientRect());
  }
}
Drawing.next = 0;

const COLOR = String.raw`((?:rgba?|color|oklab|oklch)\([^()]*\)|#\w+)`;
const HATCHING = new RegExp(String.raw`repeating-linear-gradient\((-?\d+)deg, ${COLOR} 0px, ${COLOR} 1px, .*?(\d+)px\)`, "g");
const RING = new RegExp(String.raw`^${COLOR} 0px 0px 0px ([\d.]+)px( inset)?$`);

function rectangle({ left, top, right, bottom }) {
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function depthOf(node) {
  return node instanceof Element ? Number(getComputedStyle(node).zIndex) || 0 : 0;
}

/** The lines of a text as the browser has broken them, with the box of each in the window. */
function linesOf(node) {
  const lines = [];
  const range = document.createRange();
  let start = 0;
  for (const character of node.data) {
    range.setStart(node, start);
    range.setEnd(node, (start += character.length));
    const [box] = range.getClientRects();
    if (!box?.width) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.box.top - box.top) < 2) {
      last.text += character;
      last.box = { ...last.box, right: box.right };
    } else lines.push({ text: character, box: { left: box.left, top: box.top, right: box.right, bottom: box.bottom } });
  }
  return lines.filter(({ text }) => text.trim());
}

/** What style sheets say of an SVG and all in it is written into its copy. */
function writeStyles(from, to) {
  const style = getComputedStyle(from);
  for (const { name } of [...to.attributes]) if (/^(class|style|tabindex|role|aria-.*|data-.*|on.*)$/.test(name)) to.removeAttribute(name);
  for (const name of PRESENTATION) {
    const value = style.getPropertyValue(name);
    if (!value || (value === "none" && !["fill", "display", "stroke"].includes(name))) continue;
    if (PAINTS.has(name) && !/^(none|url)/.test(value)) {
      const [color, opacity] = paintOf(value);
      to.setAttribute(name, color);
      if (opacity < 1) to.setAttribute(`${name === "stop-color" ? "stop" : name}-opacity`, opacity * (parseFloat(style.getPropertyValue(`${name}-opacity`)) || 1));
    } else if (!(name.endsWith("-opacity") && to.hasAttribute(name) && Number(to.getAttribute(name)) < 1)) to.setAttribute(name, value);
  }
  [...from.children].forEach((child, i) => writeStyles(child, to.children[i]));
}
