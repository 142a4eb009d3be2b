// What is drawn: the layers as columns, with their numbers.

const BYTE = 127; // a map's largest magnitude
const SHORT = 32767;

class Column {
  constructor(data, given, number) {
    Object.assign(this, given);
    const { arrays, words } = data;
    this.number = number;
    this.title = given.block ? `${given.title} · ${given.block}` : given.title;
    this.block = given.group;
    this.pictures = arrays[`${number}.pictures`];
    this.links = arrays[`${number}.links`];
    this.kinds = arrays[`${number}.kinds`];
    this.rows = arrays[`${number}.rows`];
    this.columns = arrays[`${number}.columns`];
    this.levels = this.pictures instanceof Int8Array ? BYTE : SHORT;
    this.limit = Math.max(...given.limits, 0) || 1;
    this.isUnits = given.height * given.width === 1;
    this.size = this.isUnits ? `${given.channels.toLocaleString("en")} units` : `${given.channels} · ${given.height}\u00a0×\u00a0${given.width}`;
    this.color = data.kinds[given.kind] ?? data.kinds.other;
    const left = given.channels - given.shown.length;
    this.more = this.isWhole ? words.fewer : left > 0 ? fillIn(words.more, { count: left.toLocaleString("en") }) : "";
    this.ill = this.illness(words);
  }

  illness(words) {
    const found = [];
    const told = (count, of) => fillIn(words[of], { count, share: percent(count / this.channels, 0) });
    if (this.neverCount) found.push(told(this.neverCount, "never_short"));
    if (this.saturatedCount) found.push(told(this.saturatedCount, "saturated_short"));
    if (!found.length && this.silentCount) found.push(told(this.silentCount, "silent_short"));
    return found.join(", ");
  }

  /** The numbers of a map's picture. */
  values(index) {
    const area = this.side[0] * this.side[1];
    const scale = this.limits[index] / this.levels;
    return Float32Array.from(this.pictures.subarray(index * area, (index + 1) * area), (level) => level * scale);
  }

  value(index, row, column) {
    const [height, width] = this.side;
    const at = index * height * width + Math.floor(row / this.factor) * width + Math.floor(column / this.factor);
    return (this.pictures[at] * this.limits[index]) / this.levels;
  }

  /** First pixel, and the one after the last, of what a unit of map `channel` could see, down and across. */
  field(channel, row, column) {
    const down = 2 * (this.kinds[channel] * this.height + row);
    const across = 2 * (this.kinds[channel] * this.width + column);
    return [
      [this.rows[down], this.rows[down + 1]],
      [this.columns[across], this.columns[across + 1]],
    ];
  }
}

/** What a map reads, as [{at, index, share}]: at -1 is the input. `links` holds shares in 127ths, row by row. */
function sourcesOf(columns, reads, links, index) {
  const counts = reads.map((at) => (at < 0 ? 1 : columns[at].shown.length));
  const across = reads.reduce((sum, at, i) => sum + (at < 0 ? links.inputs : counts[i]), 0);
  const found = [];
  let first = index * across;
  for (const at of reads) {
    if (at < 0) {
      const shares = Array.from(links.shares.subarray(first, first + links.inputs), (level) => level / BYTE);
      found.push({ at, index: 0, share: shares.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0) });
      first += links.inputs;
    } else {
      for (let i = 0; i < columns[at].shown.length; i++) found.push({ at, index: i, share: links.shares[first + i] / BYTE });
      first += columns[at].shown.length;
    }
  }
  return found;
}

/** Two sentences on what is looked at: what it is, with its value, and what more is to be said. */
function toldOf(column, looked, { words, pictures }) {
  if (!column) return [words.help, ""];
  const { index, row, column: place } = looked;
  if (index === null) return [column.title, column.isWhole ? words.fewer_help : words.more_help];
  const about = { title: column.title, detail: column.detail, count: column.channels.toLocaleString("en") };
  const value = row === undefined ? "" : short(column.value(index, row, place));
  const told = { ...about, map: column.shown[index], row, column: place, value, factor: column.factor };
  const head = column.isUnits ? words.unit : row === undefined ? words.map : column.factor > 1 ? words.place_mean : words.place;
  const rank = { ...about, rank: index + 1, strength: short(column.strength[index]) };
  const state = column.never[index] ? words.never : column.saturated[index] ? words.saturated : column.silent[index] ? words.silent : "";
  const rest = [
    fillIn(column.detail ? words.detail : words.count, about),
    fillIn(column.isUnits ? words.rank_unit : words.rank, rank),
    fillIn(state, { pictures }),
  ];
  return [fillIn(head, told), rest.filter(Boolean).join(" ")];
}
