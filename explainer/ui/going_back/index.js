// Streamlit takes the bound controls out of the address when a visitor leaves a page by the menu, and so the entry that
// Back returns to says nothing of them. Here the address is noted before the click is handled. When Back has opened the
// page again, its address is put back, and Streamlit is told as it is by the browser within a page.

const KEY = "insideACnnAddresses"; // on the window: the component may be loaded more than once

export default function () {
  if (!window[KEY]) listen((window[KEY] = { left: location.pathname, known: new Map(), back: null }));
  const { known, back } = window[KEY];
  if (back === location.pathname && (known.get(back) ?? location.search) !== location.search) {
    history.replaceState(history.state, "", back + known.get(back));
    window.dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
  }
  Object.assign(window[KEY], { left: location.pathname, back: null });
}

function listen(addresses) {
  const note = () => addresses.known.set(location.pathname, location.search);
  document.addEventListener("click", note, { capture: true });
  const goBack = () => (addresses.back = location.pathname === addresses.left ? null : location.pathname);
  window.addEventListener("popstate", goBack, { capture: true });
}
