// The second half of index.js, one module with it: drawing what was chosen, from the numbers in `data`.

const ABOVE_AND_BELOW = 358 // of 720 units of the window: what the page around the maps takes
const GAP = 2 // pixels between a link and what it leads to

function resize(picture) {
  const { root, parts } = picture
  const width = root.clientWidth
  if (!width) return
  const dots = window.devicePixelRatio || 1
  const whole = (pixels) => Math.max(1, Math.floor(pixels * dots) / dots) // whole device pixels: every cell alike
  const tall = width < 720
  const wide = Math.min(width / 290, (window.innerHeight - ABOVE_AND_BELOW * zoomOf()) / 118)
  const unit = whole(tall ? width / 122 : Math.max(2, wide))
  root.classList.toggle("tall", tall)
  root.style.setProperty("--u", `${unit}px`)
  root.style.setProperty("--v", `${whole(unit * (tall || width > 370 * unit ? 2 : 1.65))}px`)
  picture.tall = tall
  draw(picture)
}

function draw(picture) {
  const { parts, digit, root } = picture
  const colors = scale(root)
  picture.buttons.forEach((button, label) => {
    button.setAttribute("aria-checked", label === digit)
    button.tabIndex = label === digit ? 0 : -1
    paint(button.firstChild, parts[0].digits[label], 0, colors)
  })
  parts.forEach((part) => drawPart(part, part.digits[digit], colors))
  drawLinks(picture)
  drawChoice(picture)
}

// The theme's sequential colours as 256 [red, green, blue], the faintest first.
function scale(root) {
  const context = document.createElement("canvas").getContext("2d")
  context.canvas.width = 256
  context.canvas.height = 1
  const gradient = context.createLinearGradient(0, 0, 256, 0)
  const colors = getComputedStyle(root).getPropertyValue("--st-chart-sequential-colors").split(/,(?![^(]*\))/)
  colors.forEach((color, i) => gradient.addColorStop(i / (colors.length - 1), color.trim()))
  context.fillStyle = gradient
  context.fillRect(0, 0, 256, 1)
  return context.getImageData(0, 0, 256, 1).data
}

function paint(tile, values, start, colors) {
  const context = tile.getContext("2d")
  const image = context.createImageData(tile.width, tile.height)
  for (let i = 0; i < tile.width * tile.height; i++) {
    const level = Math.round(values[start + i] * 255)
    image.data.set(colors.subarray(level * 4, level * 4 + 4), i * 4)
  }
  context.putImageData(image, 0, 0)
}

function drawPart(part, values, colors) {
  const css = (level) => `rgb(${colors.subarray(level * 4, level * 4 + 3).join(" ")})`
  const best = values.indexOf(Math.max(...values))
  part.tiles.forEach((tile, map) => {
    if (part.height > 1) return paint(tile, values, map * part.height * part.width, colors)
    if (part.name !== "probabilities") return (tile.style.background = css(Math.round(values[map] * 255)))
    tile.classList.toggle("best", map === best)
    tile.querySelector(".bar").style.width = `${values[map] * part.largest * 100}%`
    tile.querySelector(".bar").style.setProperty("--bar", css(160))
    tile.querySelector(".percent").textContent = probability(values[map] * part.largest)
  })
}

function drawLinks(picture) {
  const { parts, root } = picture
  root.querySelector(".links").setAttribute("d", parts.slice(1).map((part) => linksTo(picture, part, edge(picture, part, false))).join(""))
}

// Curves from the part before to `targets`, tiles of this part.
function linksTo(picture, part, targets) {
  const before = picture.parts[part.order - 1]
  const from = (tile) => (part.name.startsWith("pooling") ? [before.tiles[part.tiles.indexOf(tile)]] : edge(picture, before, true))
  const to = (tile) => box(picture, picture.tall && part.name === "probabilities" ? part.maps : tile)
  return targets.flatMap((tile) => from(tile).map((source) => curve(picture, box(picture, source), to(tile)))).join("")
}

// The tiles at which links leave a part, or reach it: of the neurons, only those on that side of their grid.
function edge(picture, part, leaving) {
  if (part.name !== "fully_connected") return part.tiles
  const [across, down] = [getComputedStyle(part.maps).gridTemplateColumns.split(" ").length, part.channels]
  const onEdge = (i) => (picture.tall ? (leaving ? i >= down - across : i < across) : i % across === (leaving ? across - 1 : 0))
  return part.tiles.filter((_, i) => onEdge(i))
}

function box(picture, tile) {
  const flow = picture.root.querySelector(".flow").getBoundingClientRect()
  const { left, top, width, height } = tile.getBoundingClientRect()
  return { left: left - flow.left, top: top - flow.top, width, height }
}

function curve({ tall }, from, to) {
  const [x0, y0] = tall ? [from.left + from.width / 2, from.top + from.height] : [from.left + from.width, from.top + from.height / 2]
  const [x1, y1] = tall ? [to.left + to.width / 2, to.top - GAP] : [to.left - GAP, to.top + to.height / 2]
  const middle = tall ? [x0, (y0 + y1) / 2, x1, (y0 + y1) / 2] : [(x0 + x1) / 2, y0, (x0 + x1) / 2, y1]
  return `M${x0} ${y0}C${middle.join(" ")} ${x1} ${y1}`
}

function drawChoice(picture) {
  const { parts, active, root } = picture
  parts.forEach((part) => part.box.classList.toggle("active", part === active))
  const single = parts.filter((part) => part.height === 1)
  single.forEach((part) => part.tiles.forEach((tile, map) => tile.classList.toggle("probed", part === active && map === picture.probe.map)))
  const over = root.querySelector(".over")
  over.replaceChildren()
  if (active?.order) appendSvg(over, "path", { class: "lit", d: linksTo(picture, active, [active.tiles[picture.probe.map]]) })
  const deepest = parts.findLast((part) => part.height > 1)
  drawOrigin(picture, over, picture.probe ?? strongest(picture, deepest))
  drawCaption(picture)
}

// What the probed value was computed from, part by part back to the digit.
function drawOrigin(picture, over, probe) {
  let { part, map } = probe
  let area = { top: probe.row, bottom: probe.row + 1, left: probe.column, right: probe.column + 1 }
  if (part.height === 1) return
  while (part) {
    const before = picture.parts[part.order - 1]
    const here = windowBox(picture, part, map, area)
    appendSvg(over, "rect", { class: "window", x: here.left, y: here.top, width: here.width, height: here.height, rx: 1 })
    if (!before) return
    const reach = (low, high, size) => [Math.max(0, low * part.stride - part.padding), Math.min(size, (high - 1) * part.stride - part.padding + part.kernel)]
    const [top, bottom] = reach(area.top, area.bottom, before.height)
    const [left, right] = reach(area.left, area.right, before.width)
    area = { top, bottom, left, right }
    const pooling = part.name.startsWith("pooling")
    const source = pooling ? map : Math.floor(((map + 0.5) * before.channels) / part.channels)
    before.tiles.forEach((_, other) => {
      if (pooling || other === source) return
      const { left: x, top: y, width, height } = windowBox(picture, before, other, area)
      appendSvg(over, "rect", { class: "window", x, y, width, height, rx: 1, opacity: 0.6 })
    })
    cone(picture, over, windowBox(picture, before, source, area), here)
    part = before
    map = source
  }
}

function windowBox(picture, part, map, { top, bottom, left, right }) {
  const tile = box(picture, part.tiles[map])
  const cell = tile.width / part.width
  return { left: tile.left + left * cell, top: tile.top + top * cell, width: (right - left) * cell, height: (bottom - top) * cell }
}

function cone({ tall }, over, from, to) {
  const right = from.left + from.width
  const bottom = from.top + from.height
  const points = tall
    ? [[from.left, bottom], [right, bottom], [to.left + to.width, to.top], [to.left, to.top]]
    : [[right, from.top], [right, bottom], [to.left, to.top + to.height], [to.left, to.top]]
  appendSvg(over, "polygon", { class: "cone", points: points.join(" ") })
}

function drawCaption(picture) {
  const { root, data, active, probe, digit } = picture
  const [heading, story, readout] = root.querySelector(".caption").children
  heading.textContent = active ? active.title : data.intro_title
  story.textContent = active ? active.story : `${data.intro} ${data.hint}`
  readout.textContent = ""
  const page = active && picture.pages[active.name]
  if (page) toPage(picture, active, append(heading, "a", "go", fillIn(data.open, page)), page)
  if (!active || !probe) return
  const value = active.digits[digit][(probe.map * active.height + probe.row) * active.width + probe.column] * active.largest
  readout.textContent = fillIn(active.readout, {
    ...active,
    map: probe.map + 1,
    label: probe.map,
    row: probe.row + 1,
    column: probe.column + 1,
    value: active.name === "probabilities" ? probability(value) : active.name === "input" ? Math.round(value) : value.toFixed(2),
  })
}
