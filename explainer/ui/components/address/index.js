// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data change; what it returns is called when the component goes.

const seen = new WeakMap(); // parentElement -> the last `when`
const kept = new WeakMap(); // parentElement -> the names that it keeps in the address, and of which page

export default function ({ data, parentElement }) {
  if (data.values) return keep(data, parentElement);
  const changed = seen.has(parentElement) && seen.get(parentElement) !== data.when;
  seen.set(parentElement, data.when);
  if (changed) write(Object.fromEntries(data.defaults.map((name) => [name, []])));
}

function keep({ values, path }, parentElement) {
  const page = location.pathname;
  if (!page.endsWith(`/${path}`)) return; // the visitor has left it meanwhile
  const before = kept.get(parentElement);
  const gone = before?.page === page ? before.names.filter((name) => !(name in values)) : [];
  kept.set(parentElement, { page, names: Object.keys(values) });
  write({ ...values, ...Object.fromEntries(gone.map((name) => [name, []])) });
  return () => {
    const { page, names } = kept.get(parentElement);
    if (location.pathname === page) write(Object.fromEntries(names.map((name) => [name, []])));
  };
}

// Only these names: Streamlit may have written others since the server last heard of the address.
function write(values) {
  const address = new URL(location.href);
  for (const [name, wanted] of Object.entries(values)) {
    if (JSON.stringify(address.searchParams.getAll(name)) === JSON.stringify(wanted)) continue;
    address.searchParams.delete(name);
    for (const value of wanted) address.searchParams.append(name, value);
  }
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}
