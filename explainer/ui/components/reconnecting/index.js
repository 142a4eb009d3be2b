// Streamlit writes the state of its connection onto the app's outermost element.

const STATE = "data-test-connection-state";
const KEPT = "inside-a-cnn.runs";
const watched = new WeakMap(); // parentElement -> what to call when the connection is back

export default function ({ data, parentElement, setTriggerValue }) {
  if (!watched.has(parentElement)) watch(parentElement);
  watched.set(parentElement, () => setTriggerValue("back", true));
  const gone = lost(remembered(), data);
  remember(data);
  if (gone) setTriggerValue("gone", gone);
}

/** How many runs a server had that another one does not know. */
function lost(before, now) {
  return before && before.server !== now.server ? Math.max(before.runs - now.runs, 0) : 0;
}

/** What the tab knew before; null in a new one, and where a browser keeps nothing. */
function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

function remember({ server, runs }) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ server, runs }));
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
