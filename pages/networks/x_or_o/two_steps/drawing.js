// Cells with their colours and numbers, titles, and frames.

class Sheet {
  constructor(svg) {
    this.svg = svg;
    this.blocks = {};
    this.titles = {};
    const names = Object.keys(placesOf(false).blocks);
    for (const name of names) {
      const group = appendSvg(svg, "g", { class: `block ${name}`, "data-block": name });
      const cells = range(countOf(name)).map((cell) => appendSvg(group, "rect", { class: "cell", "data-cell": cell }));
      this.blocks[name] = { group, cells, texts: name.startsWith("maps") ? [] : cells.map(() => appendSvg(group, "text", { class: "number" })) };
    }
    this.frames = range(20).map(() => appendSvg(svg, "rect", { class: "frame", rx: 2 }));
  }

  place(layout, words) {
    this.layout = layout;
    setAttributes(this.svg, { viewBox: `0 0 ${layout.width} ${layout.height}` });
    for (const [name, { cells, texts }] of Object.entries(this.blocks)) {
      cells.forEach((cell, i) => {
        const box = cellBox(layout.blocks[name], i);
        setAttributes(cell, box);
        if (texts[i]) setAttributes(texts[i], { x: box.x + box.width / 2, y: box.y + box.height / 2, "data-width": box.width });
      });
    }
    for (const title of Object.values(this.titles)) title.textContent = "";
    for (const [name, [x, y]] of Object.entries(layout.titles)) {
      const part = name.split(".")[1];
      this.titles[name] ??= appendSvg(this.svg, "text", { class: part ? "part" : "title" });
      setAttributes(this.titles[name], { x, y });
      setText(this.titles[name], words.titles[part ?? name]);
    }
  }

  /** All that is known at a stage; gradients are coloured by the largest of their kind. */
  paint(step, stage, scale, labels) {
    const stops = stopsOf(scale);
    for (const [name, { cells, texts, group }] of Object.entries(this.blocks)) {
      const isKnown = stageOf(name) <= stage;
      const values = valuesOf(step, name);
      const limit = limitOf(step, name);
      group.classList.toggle("now", stageOf(name) === stage);
      cells.forEach((cell, i) => {
        const channels = between(stops, clamp((values[i] / limit + 1) / 2, 0, 1));
        cell.style.fill = isKnown ? css(channels) : "transparent";
        if (!texts[i]) return;
        texts[i].style.fill = INK[Number(brightness(channels) < 135)];
        const prefix = COUNTS[name] === 2 ? `${labels[i]} ` : "";
        const text = isKnown ? prefix + (name.endsWith("after") ? brief(values[i]) : tight(values[i])) : "";
        setText(texts[i], text);
        setAttributes(texts[i], { "font-size": Math.min((1.62 * texts[i].dataset.width) / Math.max(text.length, 1), 13) });
      });
    }
  }

  /** Frames around cells, [block, cell] each: the first of them is what is told of. */
  frame(places) {
    this.frames.forEach((frame, i) => {
      frame.classList.toggle("hidden", i >= places.length);
      frame.classList.toggle("made", i === 0);
      if (i < places.length) setAttributes(frame, cellBox(this.layout.blocks[places[i][0]], places[i][1]));
    });
  }
}

/** Where the colours of a block end: 1 for weights and values, the largest of its kind for gradients. */
function limitOf(step, name) {
  const largest = (numbers) => Math.max(...numbers.map(Math.abs)) || 1;
  if (name === "listedGradient") return largest(step.listedGradient);
  if (name.startsWith("maps")) return largest(step.maps.flat());
  if (name.endsWith("gradient")) return largest(step.gradient[name.startsWith("features") ? "features" : "votes"]);
  return name.startsWith("votes") ? 0.5 : 1;
}

/** Four decimals, without zeros at the end. */
function brief(value) {
  return trimmed(value.toFixed(4));
}

/** The same in less room: three decimals, or two digits that count of what is smaller. */
function tight(value) {
  if (Math.abs(value) < 5e-5) return "0";
  return trimmed(Math.abs(value) < 0.1 ? Number(value.toPrecision(2)).toFixed(4) : value.toFixed(3));
}

function trimmed(text) {
  return text.replace(/\.?0+$/, "").replace(/^-(?=0$)/, "").replace("-", "−");
}
