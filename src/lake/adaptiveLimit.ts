/** How much is under way at a time in the beginning. */
const START = 64;

/**
 * Bounds how much is under way at a time, and finds out how much the other side bears: as long as all
 * goes well the bound doubles with each round, up to the most; when the other side asks to slow down
 * it is halved (once for all that was under way then), and from there grows by one a round.
 */
export class AdaptiveLimit {
  readonly #most: number;
  #limit: number;
  #open = 0;
  #isSearching = true;
  /** Counts the halvings: what began before the last one does not halve again. */
  #halvings = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param most bound of the bound, 1 or more */
  constructor(most: number) {
    this.#most = most;
    this.#limit = Math.min(START, most);
  }

  /** The bound as it is now. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /**
   * Does work as soon as there is room for it, in the order of the calls.
   *
   * @param work is given what to call when the other side asks to slow down
   */
  async run<T>(work: (slowDown: () => void) => Promise<T>): Promise<T> {
    // Whoever finishes hands its place on, so that nobody comes in between.
    if (this.#open < this.limit) this.#open++;
    else {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    let began = this.#halvings;
    const way = { isSmooth: true };
    try {
      return await work(() => {
        way.isSmooth = false;
        if (began === this.#halvings) this.#halve();
        began = this.#halvings;
      });
    } finally {
      this.#open--;
      if (way.isSmooth) this.#grow();
      while (this.#open < this.limit && this.#waiting.length > 0) {
        this.#open++;
        this.#waiting.shift()?.();
      }
    }
  }

  #halve(): void {
    this.#halvings++;
    this.#isSearching = false;
    this.#limit = Math.max(1, this.#limit / 2);
  }

  #grow(): void {
    const step = this.#isSearching ? 1 : 1 / this.#limit;
    this.#limit = Math.min(this.#most, this.#limit + step);
  }
}
