// The visitor's camera: every press sends the square in the middle of what it sees, small, to the chosen class.
//
// Streamlit calls the default export when the component is mounted and whenever its data change; what it returns is
// called when the component goes, and turns the camera off. elements.js precedes this file in the same module.

const SIDE = 224; // pixels, what the network reads
const FLASH = 120; // milliseconds in which a press is seen

const cameras = new WeakMap(); // parentElement -> OwnCamera

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".own-camera");
  if (cameras.get(parentElement)?.root !== root) cameras.set(parentElement, new OwnCamera(root));
  const camera = cameras.get(parentElement);
  camera.update(component);
  return () => camera.leave();
}

class OwnCamera {
  constructor(root) {
    Object.assign(this, { root, stream: null, sent: 0, waiting: [] });
    this.window = root.querySelector(".window");
    this.video = root.querySelector("video");
    this.problem = root.querySelector(".problem");
    this.button = root.querySelector(".press");
    this.button.addEventListener("click", () => (this.stream ? this.take() : this.begin()));
  }

  update({ data, setTriggerValue }) {
    Object.assign(this, { data, send: setTriggerValue });
    this.label();
    this.sent = Math.max(this.sent, data.received); // a camera of before may have counted on
    this.waiting = this.waiting.filter(({ number }) => number > data.received);
  }

  label() {
    const { words, label } = this.data;
    setText(this.button, this.stream ? label : words.begin);
  }

  async begin() {
    this.problem.hidden = true;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
    } catch {
      this.problem.textContent = this.data.words.none; // not allowed, not there, or not over https
      this.problem.hidden = false;
      return;
    }
    if (!this.root.isConnected) return this.leave();
    this.video.srcObject = this.stream;
    this.video.hidden = false;
    this.label();
  }

  /** What was taken and has not been heard of yet is sent again with the next: none is lost to a fast hand. */
  take() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return;
    const side = Math.min(width, height);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE;
    canvas.getContext("2d").drawImage(this.video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
    this.sent += 1;
    this.waiting.push({ number: this.sent, of: this.data.of, picture: canvas.toDataURL("image/jpeg", 0.9) });
    this.send("pictures", this.waiting.slice(-this.data.most));
    this.window.classList.add("taken");
    setTimeout(() => this.window.classList.remove("taken"), FLASH);
  }

  leave() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.hidden = true;
  }
}
