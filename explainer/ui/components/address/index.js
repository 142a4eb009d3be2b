// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data change.

const seen = new WeakMap(); // parentElement -> the last `when`

export default function ({ data, parentElement }) {
  const changed = seen.has(parentElement) && seen.get(parentElement) !== data.when;
  seen.set(parentElement, data.when);
  if (!changed) return;
  const address = new URL(location.href);
  for (const name of data.defaults) address.searchParams.delete(name);
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}
