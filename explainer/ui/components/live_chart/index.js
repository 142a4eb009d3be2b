// A Plotly chart that is changed in place.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. It calls a cleanup when the component is unmounted, but also where one change
// overtakes another: a cleanup ends the chart only when it has left the page.

const LONG_ENOUGH = 250; // milliseconds that a chart waits for a quiet moment
let library = null; // the promise of Plotly, once for the page
const charts = new WeakMap(); // root -> Chart

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".live-chart");
  if (!charts.has(root)) charts.set(root, new Chart(root));
  const chart = charts.get(root);
  chart.update(data);
  return () => setTimeout(() => root.isConnected || chart.end());
}

class Chart {
  constructor(root) {
    this.plot = root.querySelector(".plot");
    this.notice = root.querySelector("p");
    this.wanted = null; // the newest data
    this.drawn = null; // the data that are drawn
    this.drawing = false;
    this.resizing = new ResizeObserver(() => this.resize());
  }

  async update(data) {
    this.wanted = data;
    if (!this.plot.style.minHeight) this.makeRoom(data.height); // the page below does not jump when the chart appears
    this.plot.setAttribute("aria-label", data.alt);
    if (this.drawing) return; // the loop below draws it
    this.drawing = true;
    try {
      this.plotly = await load(data.library);
      while (this.drawn !== this.wanted) await this.draw();
      this.notice.textContent = "";
    } catch (error) {
      console.error(error);
      this.notice.textContent = data.words.failed;
    } finally {
      this.drawing = false;
    }
  }

  /** Draws the newest data. */
  async draw() {
    const data = this.wanted;
    if (data.figure !== this.drawn?.figure) {
      const { data: traces, layout } = JSON.parse(data.figure);
      if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false; // a finger on the chart scrolls the page
      if (layout.height) this.makeRoom(layout.height);
      if (data.waits) await painted();
      await shown(this.plot);
      await this.plotly.react(this.plot, traces, { ...layout, autosize: true }, { displayModeBar: false });
      this.resizing.observe(this.plot);
    }
    this.drawn = data;
  }

  makeRoom(height) {
    this.plot.style.minHeight = `${height}px`;
    this.plot.style.setProperty("--height", height);
  }

  resize() {
    const width = this.plot.clientWidth;
    if (width && Math.abs(width - this.plot._fullLayout.width) >= 1) this.plotly.Plots.resize(this.plot);
  }

  end() {
    this.resizing.disconnect();
    this.plotly?.purge(this.plot);
  }
}

/**
 * Resolves when what was drawn before is on screen and what else the page has got is drawn too, or it was long enough:
 * Plotly takes longer than all other pictures of a page.
 */
function painted() {
  const rest = window.requestIdleCallback ?? ((resolve) => setTimeout(resolve)); // Safari has none
  return new Promise((resolve) => requestAnimationFrame(() => rest(resolve, { timeout: LONG_ENOUGH })));
}

/** Resolves when the element has a width: of what is hidden Plotly would measure no text, and lay it on one place. */
function shown(element) {
  if (element.clientWidth) return;
  return new Promise((resolve) => {
    const observer = new ResizeObserver(() => {
      if (!element.clientWidth) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(element);
  });
}

function load(address) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      library = null; // the next update tries again
      reject(new Error(`${address} could not be loaded`));
    };
    document.head.append(script);
  });
  return library;
}
