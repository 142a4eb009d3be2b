// Streamlit takes the bound controls out of the address when a visitor leaves a page by the menu, and so the entry that
// Back returns to says nothing of them. Here the address is noted before the click is handled. When Back has opened the
// page again, its address is put back, and Streamlit is told as it is by the browser within a page.

const KEY = "insideACnnAddresses"; // on the window: the component may be loaded more than once

export default function ({ data }) {
  if (!window[KEY]) listen((window[KEY] = { known: new Map(), back: null }));
  const { known, back } = window[KEY];
  // The page that was left may still be drawing itself: only the one that Back opened takes its address.
  if (back !== location.pathname || !back.endsWith(`/${data.path}`)) return;
  window[KEY].back = null;
  if (!isPartOf(location.search, known.get(back) ?? "")) return; // this entry says more than was noted before
  history.replaceState(history.state, "", back + known.get(back));
  window.dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
}

function isPartOf(search, whole) {
  const known = new URLSearchParams(whole);
  return search !== whole && [...new URLSearchParams(search)].every(([name, value]) => known.getAll(name).includes(value));
}

function listen(addresses) {
  const note = () => addresses.known.set(location.pathname, location.search);
  document.addEventListener("click", note, { capture: true });
  const goBack = (event) => (addresses.back = event.isTrusted ? location.pathname : null); // ours are not trusted
  window.addEventListener("popstate", goBack, { capture: true });
}
