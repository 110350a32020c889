/** A binary heap: gives the least of what was put in first, in the order of `compare`. */
export class PriorityQueue<T> {
  readonly #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  /** The least; `undefined` when there is none. It stays. */
  get first(): T | undefined {
    return this.#items[0];
  }

  put(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#isInOrder(parent, at)) break;
      this.#swap(parent, at);
      at = parent;
    }
  }

  /** Takes the least out. */
  takeFirst(): void {
    const items = this.#items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    items[0] = last;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      if (left >= items.length) return;
      const child = left + 1 < items.length && !this.#isInOrder(left, left + 1) ? left + 1 : left;
      if (this.#isInOrder(at, child)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #isInOrder(a: number, b: number): boolean {
    const [first, second] = [this.#items[a], this.#items[b]];
    return first === undefined || second === undefined || this.#compare(first, second) <= 0;
  }

  #swap(a: number, b: number): void {
    const items = this.#items;
    const [first, second] = [items[a], items[b]];
    if (first === undefined || second === undefined) return;
    items[a] = second;
    items[b] = first;
  }
}
