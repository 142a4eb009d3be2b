// What is drawn for paper is drawn in the colours of a light page, also where the page is dark: components read the
// light colours and draw once more (kit/loading.js), and what charts of a dark page paint has a twin of a light one.

const ON_LIGHT = {
  "--st-primary-color": "#b84a00",
  "--st-background-color": "#ffffff",
  "--st-secondary-background-color": "#f1f5f9",
  "--st-text-color": "#14212f",
  "--st-link-color": "#1f5a9c",
  "--st-border-color": "#cbd5e1",
  "--st-gray-color": "#4a5a6b",
  "--st-red-color": "#D94A57",
  "--st-orange-color": "#b84a00",
  "--st-blue-color": "#3B82F6",
  "--st-red-text-color": "#9E303B",
  "--st-orange-text-color": "hsla(24, 100%, 21%, 1)",
  "--st-blue-text-color": "#244FB4",
  "--st-green-text-color": "#0C5A44",
  "--st-chart-sequential-colors": "#ecf8f3,#b8e3db,#81cecb,#55b4c7,#3599c1,#1f7eb7,#2063a2,#1d4a87,#183467,#0e2044",
  color: "#14212f",
  "background-color": "#ffffff",
};

const NEAR = 4; // steps of a channel: a colour that is as near to a scale is of that scale

/**
 * The function that gives of a dark page's colour, [red, green, blue], that of a light one: `colours` are pairs, dark and
 * light, and `scales` pairs of scales, along which colours between two have twins between two. Others stay as they are.
 */
function twinsOf({ colours, scales }) {
  const known = new Map(colours.map((pair) => pair.map(channelsOf)).map(([dark, light]) => [dark.join(), light]));
  const ramps = scales.map((pair) => pair.map((scale) => rampOf(scale, 256)));
  return (color) => {
    const name = color.join();
    if (!known.has(name)) known.set(name, onRamp(color, ramps) ?? color);
    return known.get(name);
  };
}

function onRamp(color, ramps) {
  let [nearest, least] = [null, NEAR];
  for (const [dark, light] of ramps) {
    dark.forEach((each, i) => {
      const away = Math.max(...each.map((value, channel) => Math.abs(value - color[channel])));
      if (away < least) [nearest, least] = [light[i], away];
    });
  }
  return nearest;
}

/** What `make` gives while all components stand on a light page; `root` is in one of them. */
function onLight(root, make) {
  if (!isDark(root)) return make();
  const mounts = [...document.querySelectorAll(".stBidiComponent > div")];
  for (const { style } of mounts) for (const [name, value] of Object.entries(ON_LIGHT)) style.setProperty(name, value);
  mounts.forEach(redraw);
  try {
    return make();
  } finally {
    for (const { style } of mounts) for (const name of Object.keys(ON_LIGHT)) style.removeProperty(name);
    mounts.forEach(redraw);
  }
}

/** Draws a component once more, with what it was last given. */
function redraw(mount) {
  for (const host of [mount, ...mount.querySelectorAll("*")]) {
    for (const place of [host, host.shadowRoot, ...(host.shadowRoot?.children ?? [])]) place?.redraw?.();
  }
}
