// Real links, so that they can be copied or opened in a new tab. A plain click changes the address as the browser's
// Back and Forward do, which Streamlit answers by giving every bound control the value that the address names, or
// its default, within the same session. links.js precedes this file.

export default function ({ data, parentElement }) {
  const row = parentElement.querySelector(".presets")
  const title = document.createElement("span")
  title.textContent = data.title
  row.setAttribute("aria-label", data.title)
  row.replaceChildren(title, ...data.links.map(anchor))
}

function anchor({ label, query }) {
  const made = document.createElement("a")
  const address = location.pathname + (query && `?${query}`)
  made.textContent = label
  made.href = address
  made.addEventListener("click", (event) => follow(event, address))
  return made
}

function follow(event, address) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return
  event.preventDefault()
  openAddress(address)
  showPicture()
}
