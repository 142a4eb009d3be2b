// Where a number of evaluations and an error stand in the chart; both axes are logarithmic.

const CHART = { left: 62, top: 14, right: 560, bottom: 320 };
const SLIM_CHART = { left: 52, top: 14, right: 366, bottom: 250 };

class Axes {
  constructor(chart, most, [low, high]) {
    Object.assign(this, { chart, most, low, high });
  }

  x(evaluations) {
    const { left, right } = this.chart;
    return left + (Math.log(evaluations) / Math.log(this.most)) * (right - left);
  }

  y(error) {
    const { top, bottom } = this.chart;
    const share = Math.log(clamp(error, this.low, this.high) / this.low) / Math.log(this.high / this.low);
    return bottom - share * (bottom - top);
  }

  /** The moment whose number of evaluations is nearest to a place across. */
  nearest(x, moments) {
    const distance = (moment) => Math.abs(this.x(moment) - x);
    return moments.reduce((best, moment, i) => (distance(moment) < distance(moments[best]) ? i : best), 0);
  }
}

/** A curve that stays at an error until another is reached. */
function stairs(axes, moments, errors) {
  return errors.map((error, i) => (i ? `H${axes.x(moments[i])}V${axes.y(error)}` : `M${axes.x(moments[0])},${axes.y(error)}`)).join("");
}

/** Powers of ten between two numbers. */
function powers(low, high) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  return range(last - first + 1).map((i) => 10 ** (first + i));
}
