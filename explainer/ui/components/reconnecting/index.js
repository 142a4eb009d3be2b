// Streamlit writes the state of its connection onto the app's outermost element.

const STATE = "data-test-connection-state";
const watched = new WeakMap(); // parentElement -> what to call when the connection is back

export default function ({ parentElement, setTriggerValue }) {
  if (!watched.has(parentElement)) watch(parentElement);
  watched.set(parentElement, () => setTriggerValue("back", true));
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
