// Streamlit writes the state of its connection onto the app's outermost element.

const STATE = "data-test-connection-state";
const KEPT = "inside-a-cnn.kept";
const watched = new WeakMap(); // parentElement -> what to call when the connection is back

export default function ({ data, parentElement, setTriggerValue }) {
  if (!watched.has(parentElement)) watch(parentElement);
  watched.set(parentElement, () => setTriggerValue("back", true));
  const gone = lost(remembered(), data);
  remember(data);
  if (Object.keys(gone).length) setTriggerValue("gone", gone);
}

/** How much a server had, by name, that another one does not know. */
function lost(before, now) {
  if (!before || before.server === now.server) return {};
  const missing = Object.entries(now.counts).map(([name, count]) => [name, (before.counts[name] ?? 0) - count]);
  return Object.fromEntries(missing.filter(([, count]) => count > 0));
}

/** What the tab knew before; null in a new one, and where a browser keeps nothing. */
function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

function remember({ server, counts }) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ server, counts }));
  } catch {
    // a browser that keeps nothing has nothing to say later
  }
}

function watch(parentElement) {
  const app = document.querySelector(`[${STATE}]`);
  if (!app) return;
  let before = app.getAttribute(STATE);
  const observer = new MutationObserver(() => {
    if (!parentElement.isConnected) return observer.disconnect();
    const now = app.getAttribute(STATE);
    if (now === "CONNECTED" && before !== now) watched.get(parentElement)();
    before = now;
  });
  observer.observe(app, { attributes: true, attributeFilter: [STATE] });
}
