// Whether there is a toast, in a class of the root element, for frame.css, which makes room for it.

function watchToasts() {
  const look = () => {
    document.documentElement.classList.toggle("with-toast", document.querySelector("[data-testid=stToast]") !== null);
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
}
