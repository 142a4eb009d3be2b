// Charts that Streamlit draws grow as drawings do: frame.css scales them, which changes no layout, so each is told how
// high it is, for the room below it. One that fills the window is large already.

const CHART = "[data-testid=stPlotlyChart]";

class Charts {
  constructor() {
    this.known = new WeakSet();
    this.sizes = new ResizeObserver((all) => all.forEach(({ target }) => this.measure(target)));
    new MutationObserver(() => this.find()).observe(document.body, { childList: true, subtree: true });
    this.find();
  }

  find() {
    for (const chart of document.querySelectorAll(CHART)) {
      if (this.known.has(chart)) continue;
      this.known.add(chart);
      this.sizes.observe(chart);
    }
  }

  measure(chart) {
    const frame = chart.parentElement; // whose width Streamlit gives the chart
    if (!frame) return;
    frame.dataset.chart = getComputedStyle(frame).position === "fixed" ? "whole" : "scaled";
    frame.parentElement.style.setProperty("--height", chart.offsetHeight);
  }
}
