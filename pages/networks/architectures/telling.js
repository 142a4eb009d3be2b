// What both the picture and the table of an architecture say of layers and of groups of them.

const COSTS = ["parameters", "macs", "activations"];

/** A whole number with a separator of thousands. */
function whole(value, language = document.documentElement.lang || "en") {
  return value.toLocaleString(language);
}

/** A number in at most three digits and a word for its power of thousand, a template each: "15.5 billion". */
function rounded(value, words) {
  const power = value >= 1e9 ? "billion" : value >= 1e6 ? "million" : value >= 1e4 ? "thousand" : "";
  if (!power) return whole(value);
  const scaled = value / { billion: 1e9, million: 1e6, thousand: 1e3 }[power];
  return fillIn(words[power], { value: Number(scaled.toPrecision(3)).toLocaleString() });
}

/** "7 × 7", with spaces at which no line ends; "" for nothing. */
function by(sides) {
  return sides ? `${sides[0]}\u00a0×\u00a0${sides[1]}` : "";
}

/** The same, or one number where both are alike. */
function once(sides) {
  return !sides ? "" : sides[0] === sides[1] ? String(sides[0]) : by(sides);
}

/** Padding in one number, or that of all four sides: top, bottom, left, right. */
function paddingOf(sides) {
  if (!sides) return "";
  return sides.every((side) => side === sides[0]) ? String(sides[0]) : sides.join(", ");
}

/** What a layer does, in words: "Convolution 3 × 3". */
function kindOf(layer, words) {
  const name = words.kinds[layer.kind.replaceAll("-", "_")];
  return layer.window ? `${name} ${by(layer.window)}` : name;
}

/** A network seen as items: a group that is folded, or a layer; each with its costs. */
function itemsOf(data, open) {
  const items = [];
  data.groups.forEach((group, at) => {
    const members = data.layers.slice(group.first, group.first + group.length * group.repeats);
    if (group.called && !open.has(at)) items.push({ group: at, ...group, layers: members, ...sumsOf(members) });
    else members.forEach((layer, i) => items.push(single(layer, group, at, i)));
  });
  return items;
}

function single(layer, group, at, i) {
  const inside = group.called ? { inside: at, starts: i === 0, block: Math.floor(i / group.length) } : {};
  return { layer, layers: [layer], first: group.first + i, ...inside, ...sumsOf([layer]) };
}

function sumsOf(layers) {
  return Object.fromEntries(COSTS.map((cost) => [cost, layers.reduce((sum, layer) => sum + layer[cost], 0)]));
}

/** What is said of the item under the pointer. */
function told(item, words) {
  const costs = { parameters: whole(item.parameters), macs: rounded(item.macs, words), activations: whole(item.activations) };
  if (!item.layer) {
    const title = item.repeats > 1 ? `${item.called}\u00a0×\u00a0${item.repeats}` : item.called;
    return fillIn(words.told_group, { title, layers: item.layers.length, ...costs });
  }
  const { layer } = item;
  if (layer.kind === "failed") return `${layer.name}: ${words.kinds.failed}`;
  const follows = [layer.normalization, layer.activation !== layer.type && layer.activation].filter(Boolean);
  const kind = [kindOf(layer, words), ...follows].join(", ");
  const shape = layer.size ? fillIn(words.maps, { maps: whole(layer.maps), size: by(layer.size) }) : fillIn(words.features, { maps: whole(layer.maps) });
  return fillIn(words.told, { name: layer.name, kind, shape, ...costs });
}
