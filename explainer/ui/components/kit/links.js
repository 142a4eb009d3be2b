// Links within the app, followed as the browser's Back and Forward are, which Streamlit answers within the same session.

function openAddress(address) {
  history.pushState(null, "", address);
  window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
}

/** Brings the page's picture into sight, from its upper edge on, where that is not in the upper half of the window. */
function showPicture() {
  const picture = document.querySelector(".st-key-picture_first");
  if (!picture) return;
  const top = picture.getBoundingClientRect().top;
  if (top >= parseFloat(getComputedStyle(picture).scrollMarginTop) && top < innerHeight / 2) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  picture.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}
