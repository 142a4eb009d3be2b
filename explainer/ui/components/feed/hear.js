/** Calls `update` with what the feed `name` brings, for as long as `root` is in the page. */
function hear(name, root, update) {
  if (!name) return;
  const heard = ({ detail }) => (root.isConnected ? update(detail) : document.removeEventListener(name, heard));
  document.addEventListener(name, heard);
}
