// Where everything is: columns from left to right, in each its maps from top to bottom, strongest first.

const GROUP = 20; // CSS pixels for the names of blocks
const HEAD = 41; // for a column's title and size
const FEET = [20, 40]; // for what is below its maps: how many are silent; and how many more there are
const ROOM = 324; // for the maps
const BETWEEN = 24; // columns, where the edges run
const GAP = 4; // maps
const LEAST = 70; // of a column, so that its title fits
const TILES = [58, 54, 50, 46, 42]; // sides of a map, the largest that fits
const SCROLLED = [50, 36]; // where none does: of a network of few layers, and of one of many
const MANY = 14; // layers

/** The places of all columns in a stage; `width` is what can be seen at once. */
function layoutOf(columns, width) {
  const names = columns.some(({ block }) => block);
  const head = HEAD + (names ? GROUP : 0);
  const foot = FEET[Number(columns.some(({ more }) => more))];
  const [room, height] = [ROOM, head + ROOM + foot];
  const all = TILES.map((tile) => placed(columns, room, tile));
  const { places, total } = all.find((found) => found.total <= width) ?? placed(columns, room, SCROLLED[Number(columns.length > MANY)]);
  return { places, total: Math.max(total, width), head, room, foot, height, groups: groupsOf(columns, places) };
}

function placed(columns, room, tile) {
  let x = BETWEEN;
  const places = columns.map((column) => {
    const side = column.height * column.width === 1 ? 11 : tile;
    const step = side + (side < 20 ? 1 : GAP);
    const rows = Math.max(1, Math.min(column.shown.length, Math.floor(room / step)));
    const stacks = Math.ceil(column.shown.length / rows);
    const even = Math.ceil(column.shown.length / stacks);
    const across = stacks * step - (step - side);
    const wide = Math.max(LEAST, across);
    const place = { x, side, step, rows: even, wide, left: x + (wide - across) / 2 };
    x += wide + BETWEEN;
    return place;
  });
  return { places, total: x };
}

/** Columns that stand beside each other and belong to one block, as {name, from, to}. */
function groupsOf(columns, places) {
  const groups = [];
  columns.forEach(({ block }, i) => {
    const last = groups.at(-1);
    const { x, wide } = places[i];
    if (last?.name === block) last.to = x + wide;
    else groups.push({ name: block, from: x, to: x + wide });
  });
  return groups.filter(({ name }) => name);
}

/** The left top corner of a map. */
function cornerOf(layout, at, index) {
  const { left, step, rows } = layout.places[at];
  const tall = rows * step;
  const top = layout.head + Math.max(0, (layout.room - tall) / 2);
  return [left + Math.floor(index / rows) * step, top + (index % rows) * step];
}

/** The map at a point of the track, as {at, index, row, column} with its unit, or null; without index: the foot. */
function mapAt(layout, columns, x, y) {
  const at = layout.places.findIndex((place) => x >= place.x - BETWEEN / 2 && x < place.x + place.wide + BETWEEN / 2);
  if (at < 0) return null;
  const { side, step, rows, left } = layout.places[at];
  const column = columns[at];
  const [, top] = cornerOf(layout, at, 0);
  if (y > layout.height - layout.foot) return column.shown.length < column.channels || column.isWhole ? { at, index: null } : null;
  const [across, down] = [(x - left) / step, (y - top) / step];
  const index = Math.floor(across) * rows + Math.floor(down);
  if (across < 0 || down < 0 || down >= rows || index >= column.shown.length || (across + 1e-6) % 1 > side / step + 0.2) return null;
  const unit = (share, count) => clamp(Math.floor((share % 1) * (step / side) * count), 0, count - 1);
  return { at, index, row: unit(down, column.height), column: unit(across, column.width) };
}
