// The moments of a run: a player whose clock waits for the page. hear.js, the shared functions and transport.js precede
// this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. The page sends `shown`, the moment that it has drawn.

const PACE = { speeds: [0.5, 1, 2, 4], seconds: 10, slowest: 1 };
const PATIENCE = 20_000; // milliseconds after which an answer that never came is no longer waited for
const players = new WeakMap(); // parentElement -> Moments

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".moments");
  if (players.get(parentElement)?.root !== root) players.set(parentElement, new Moments(root, data.feed));
  const player = players.get(parentElement);
  player.tell = (moment) => setTriggerValue("moment", moment);
  player.update(data);
  return () => setTimeout(() => root.isConnected || player.close());
}

/** A clock that stands still while the page draws. */
class PatientClock extends Clock {
  tick(time) {
    if (this.waits) this.time = time;
    else super.tick(time);
  }
}

class Moments {
  constructor(root, feed) {
    this.root = root;
    this.clock = new PatientClock(PACE);
    this.transport = new Transport(root.querySelector(".transport"), this.clock, () => this.draw());
    this.transport.listen(root);
    hear(feed, root, (news) => this.fit({ ...this.data, ...news }));
  }

  close() {
    this.transport.end();
    clearTimeout(this.patience);
  }

  /** The page has drawn `data.shown`: what was asked for, what a link says, or what it was before. */
  update(data) {
    const { asked } = this;
    const isGone = asked !== undefined && !data.moments.includes(asked);
    if (asked === data.shown || isGone) this.answered();
    this.fit(data, asked === undefined || isGone ? data.shown : undefined);
  }

  /** Nothing is waited for any more. */
  answered() {
    clearTimeout(this.patience);
    [this.asked, this.clock.waits] = [undefined, false];
  }

  /** New moments; the clock stays at the one at which it stands, or goes to that called `moment`. */
  fit(data, moment = this.data?.moments[this.clock.step] ?? data.shown) {
    const { clock, transport } = this;
    const playing = clock.playing;
    const index = data.moments.indexOf(moment);
    this.data = data;
    clock.last = data.moments.length - 1;
    if (clock.step !== index) {
      clock.go(index < 0 ? clock.last : index);
      clock.playing = playing && clock.step < clock.last;
    }
    transport.fit(data.words);
    this.root.setAttribute("aria-label", data.words.position);
    this.draw();
    if (clock.playing) transport.request();
  }

  draw() {
    const { data, clock, transport, root } = this;
    if (!data) return;
    transport.show(clock.step, data.names[clock.step]);
    this.wanted = data.moments[clock.step];
    Object.assign(root.dataset, { moment: this.wanted, shown: data.shown, moments: data.moments.length });
    if (this.wanted === data.shown || clock.waits) return;
    [this.asked, clock.waits] = [this.wanted, true];
    this.patience = setTimeout(() => this.answered(), PATIENCE);
    this.tell(this.wanted);
  }
}
