// Listens to the server, and hands round what comes ahead of the page, by an event of the document.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data change.

const PAUSE = { first: 1000, longest: 60_000 }; // milliseconds until the next try where the connection was lost
const lines = new WeakMap(); // parentElement -> Line

export default function ({ data, parentElement }) {
  if (!lines.has(parentElement)) lines.set(parentElement, new Line(parentElement));
  lines.get(parentElement).open(data.address);
}

class Line {
  constructor(element) {
    this.element = element;
  }

  open(address) {
    if (address === this.address) return;
    this.address = address;
    this.pause = PAUSE.first;
    this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    this.socket?.close();
    const url = new URL(this.address, document.baseURI);
    const socket = new WebSocket(Object.assign(url, { protocol: url.protocol.replace("http", "ws") }));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => (this.pause = PAUSE.first);
    socket.onmessage = ({ data }) => document.dispatchEvent(new CustomEvent("ahead", { detail: unpacked(data) }));
    socket.onclose = () => socket === this.socket && this.again();
    this.socket = socket;
  }

  /** Without it the pictures come with the page: there is no hurry. */
  again() {
    if (!this.element.isConnected) return;
    this.timer = setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(2 * this.pause, PAUSE.longest);
  }
}

function unpacked(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const text = new TextDecoder();
  const { name, key, kind } = JSON.parse(text.decode(new Uint8Array(buffer, 4, length)));
  const body = new Uint8Array(buffer.slice(4 + length)); // typed arrays begin at multiples of their element's size
  return { name, key, data: kind === "bytes" ? body : JSON.parse(text.decode(body)) };
}
