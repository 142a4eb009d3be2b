// Asks the server for what is new, and hands it round: a component that was given the name of a feed hears of it by an
// event of that name on the document. One question at a time, none while the tab is hidden.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data change.

// Until there is something to show, questions come soon after each other, then ever later: it may be a long queue.
const FIRST = 100; // milliseconds
const LATER = 1.3;
const feeds = new WeakMap(); // parentElement -> Feed

export default function ({ data, parentElement, setTriggerValue }) {
  if (!feeds.has(parentElement)) feeds.set(parentElement, new Feed(parentElement));
  feeds.get(parentElement).update(data, setTriggerValue);
}

class Feed {
  constructor(element) {
    this.element = element;
    this.timer = null;
    this.told = null; // the state that the page was told of
    document.addEventListener("visibilitychange", (this.onVisible = () => this.ask()));
  }

  update(data, tell) {
    this.data = data;
    this.tell = tell;
    this.told = null;
    this.pause = FIRST;
    if (data.going) this.ask();
  }

  async ask() {
    clearTimeout(this.timer);
    if (!this.element.isConnected) return document.removeEventListener("visibilitychange", this.onVisible);
    if (document.hidden || this.asking || !this.data.going) return;
    const asked = this.data;
    this.asking = true;
    const news = await answer(asked.address);
    this.asking = false;
    if (asked !== this.data) return this.ask(); // the page may follow other work by now
    if (news) this.handRound(news);
    if (news && !news.going) return;
    this.timer = setTimeout(() => this.ask(), news ? this.until(news) : asked.every);
  }

  /** Milliseconds until the next question. */
  until({ some, again }) {
    if (some || again) return again || this.data.every;
    this.pause = Math.min(LATER * this.pause, this.data.every);
    return this.pause;
  }

  handRound({ state, components }) {
    for (const [name, data] of Object.entries(components)) {
      document.dispatchEvent(new CustomEvent(name, { detail: data }));
    }
    if (state === this.data.state || state === this.told) return;
    this.told = state;
    this.tell("changed", state);
  }
}

/** What the server answers; null where it cannot be reached: it is asked again. */
async function answer(address) {
  try {
    const response = await fetch(address);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
