// Where a thing that was found is, and how one gets there without losing the session. find.js and links.js precede this file.

const PATIENCE = 20_000; // milliseconds that a page may take to draw a control
const AGAIN = 100; // milliseconds between two looks
const HELD = "input:not([type=hidden]), textarea, button, [role=slider], [role=combobox], [tabindex='0']";

/** The address of a thing; every page stands directly below the app's root. */
function addressOf({ page, query }, parameters) {
  const address = new URL(page || ".", location.href);
  address.search = [parameters, query].filter(Boolean).join("&");
  return address;
}

const isHere = (address) => address.pathname === location.pathname;

function open(address) {
  if (address.href !== location.href) openAddress(address);
}

/** What holds the bound control of a key, if it is drawn. */
const held = (key) => document.querySelector(`[data-testid=stMain] .st-key-${CSS.escape(key)}`);

/** Shows the control of a key once the page that is being drawn has it, unfolded, and it stands still. */
function reach(key, accent, until = performance.now() + PATIENCE, before = "") {
  const place = isDrawn() ? held(key) : null;
  place?.closest("details:not([open])")?.querySelector("summary").click();
  const now = place && !place.closest("[inert]") ? JSON.stringify(place.getBoundingClientRect()) : "";
  if (now && now === before) show(place, accent);
  else if (performance.now() < until) setTimeout(() => reach(key, accent, until, now), AGAIN);
}

const isDrawn = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning";

function show(place, accent) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  place.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  place.querySelector(HELD)?.focus({ preventScroll: true });
  const ring = { outline: `3px solid ${accent}`, outlineOffset: "0.4rem", borderRadius: "0.3rem" };
  place.animate([ring, { ...ring, offset: 0.6 }, { ...ring, outlineColor: "transparent" }], 2400);
}
