// A trained network reading a digit: building the picture, and choosing what it shows. drawing.js is its second half.
// A "probe" is one value of one part, {part, map, row, column}: the picture shows what it was computed from.

const LEVELS = 65535
const pictures = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".picture")
  let picture = pictures.get(root)
  if (!picture) {
    picture = build(root, data)
    pictures.set(root, picture)
  }
  picture.open = (name) => setTriggerValue("open", name)
  link(picture, data.pages)
  picture.observer.observe(root)
  picture.observer.observe(document.documentElement)
  resize(picture)
  return () => picture.observer.disconnect()
}

function build(root, data) {
  const parts = data.parts.map((part, order) => ({ ...part, order, digits: part.values.map(levels) }))
  const picture = { root, data, parts, digit: 3, active: null, probe: null }
  root.setAttribute("aria-label", data.picture)
  root.querySelector(".choose").textContent = data.choose
  root.querySelector(".intro").textContent = data.intro
  buildDigits(picture)
  parts.forEach((part) => buildPart(picture, part))
  root.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && choose(picture, null, null))
  picture.observer = new ResizeObserver(() => resize(picture))
  return picture
}

// The numbers that 16 bits each give as shares of the largest.
function levels(text) {
  return Float32Array.from(decoded(text, Uint16Array), (level) => level / LEVELS)
}

// --- Building -----------------------------------------------------------------------------------------------------

function buildDigits(picture) {
  const { root, data } = picture
  const group = root.querySelector(".digits")
  group.setAttribute("aria-label", data.choose)
  picture.buttons = picture.parts[0].digits.map((_, digit) => {
    const button = append(group, "button")
    button.type = "button"
    button.setAttribute("role", "radio")
    button.setAttribute("aria-label", fillIn(data.digit, { label: digit }))
    button.append(canvas(28))
    button.addEventListener("click", () => chooseDigit(picture, digit))
    return button
  })
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: 9, ArrowUp: 9 }[event.key]
    if (!step) return
    event.preventDefault()
    chooseDigit(picture, (picture.digit + step) % 10)
    picture.buttons[picture.digit].focus()
  })
}

function canvas(side) {
  const made = document.createElement("canvas")
  made.width = made.height = side
  made.style.setProperty("--side", side)
  return made
}

function buildPart(picture, part) {
  part.box = append(picture.root.querySelector(".flow"), "div", `part ${part.name}`)
  part.box.style.setProperty("--order", part.order)
  part.headPlace = append(part.box, "div")
  part.maps = append(part.box, "div", "maps")
  append(part.box, "p", "story", part.story)
  part.tiles = Array.from({ length: part.channels }, (_, map) => buildTile(picture, part, map))
  if (part.height === 1) part.maps.classList.add(part.name === "probabilities" ? "answers" : "neurons")
  part.box.addEventListener("pointerenter", () => choose(picture, part, strongest(picture, part)))
}

function buildTile(picture, part, map) {
  if (part.height > 1) {
    const tile = canvas(part.width)
    part.maps.append(tile)
    for (const name of ["pointerdown", "pointermove"]) {
      tile.addEventListener(name, (event) => choose(picture, part, under(event, part, map)))
    }
    return tile
  }
  const tile = part.name === "probabilities" ? buildAnswer(part, map) : append(part.maps, "span")
  tile.addEventListener("pointerenter", () => choose(picture, part, { part, map, row: 0, column: 0 }))
  return tile
}

function buildAnswer(part, digit) {
  const row = append(part.maps, "div", "answer")
  append(row, "span", "label", String(digit))
  append(append(row, "span", "track"), "span", "bar")
  append(row, "span", "percent")
  return row
}

// Every part gets its heading: a link where a page explains the part, else a button that only tells.
function link(picture, pages) {
  if (JSON.stringify(pages) === JSON.stringify(picture.pages)) return
  picture.pages = pages
  picture.parts.forEach((part) => {
    const head = headOf(picture, part, pages[part.name])
    head.addEventListener("focus", () => choose(picture, part, strongest(picture, part)))
    head.addEventListener("keydown", (event) => step(picture, part, event))
    part.headPlace.replaceChildren(head)
    part.maps.onclick = (event) => event.pointerType === "mouse" && head.href && follow(picture, part, event)
    part.maps.classList.toggle("leads", Boolean(head.href))
  })
}

function headOf(picture, part, page) {
  const head = document.createElement(page ? "a" : "button")
  head.className = "head"
  append(head, "span", "title", part.title)
  append(head, "span", "detail", part.detail)
  if (page) toPage(picture, part, head, page)
  else head.type = "button"
  return head
}

function toPage(picture, part, anchor, page) {
  anchor.href = new URL(page.path, document.baseURI)
  anchor.title = fillIn(picture.data.open, page)
  anchor.addEventListener("click", (event) => follow(picture, part, event))
}

// Within the session where possible; with a modifier key the browser opens a tab or window as usual.
function follow(picture, part, event) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return
  event.preventDefault()
  picture.open(part.name)
}

// --- Choosing -----------------------------------------------------------------------------------------------------

function chooseDigit(picture, digit) {
  picture.digit = digit
  picture.root.classList.remove("arrive")
  void picture.root.offsetWidth // restarts the animation
  picture.root.classList.add("arrive")
  if (picture.active) picture.probe = strongest(picture, picture.active)
  draw(picture)
}

function choose(picture, part, probe) {
  picture.active = part
  picture.probe = probe
  drawChoice(picture)
}

function strongest(picture, part) {
  const values = part.digits[picture.digit]
  return place(part, values.indexOf(Math.max(...values)))
}

function place(part, index) {
  const size = part.height * part.width
  return { part, map: Math.floor(index / size), row: Math.floor((index % size) / part.width), column: index % part.width }
}

function under(event, part, map) {
  const box = event.currentTarget.getBoundingClientRect()
  const cell = (at, start, length, count) => Math.min(count - 1, Math.max(0, Math.floor(((at - start) / length) * count)))
  return {
    part,
    map,
    row: cell(event.clientY, box.top, box.height, part.height),
    column: cell(event.clientX, box.left, box.width, part.width),
  }
}

function step(picture, part, event) {
  const [down, right] = ROWS_COLUMNS[event.key] ?? [0, 0]
  if (!down && !right) return
  event.preventDefault()
  const { map, row, column } = picture.probe ?? strongest(picture, part)
  const inside = (value, count) => (value + count) % count
  if (part.height === 1) choose(picture, part, { part, map: inside(map + down + right, part.channels), row: 0, column: 0 })
  else choose(picture, part, { part, map, row: inside(row + down, part.height), column: inside(column + right, part.width) })
}
