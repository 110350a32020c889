/** Numbers the different texts of a column by the name they normalise to, in the order of first sight. */
export class Interner {
  readonly #indexByText = new Map<string | null, number>();
  readonly #indexByName = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #normalise: (text: string | null) => string;

  constructor(normalise: (text: string | null) => string) {
    this.#normalise = normalise;
  }

  /** The number of a text; each different text is normalised once. */
  index(text: string | null): number {
    const known = this.#indexByText.get(text);
    if (known !== undefined) return known;
    const name = this.#normalise(text);
    let index = this.#indexByName.get(name);
    if (index === undefined) {
      index = this.#names.push(name) - 1;
      this.#indexByName.set(name, index);
    }
    this.#indexByText.set(text, index);
    return index;
  }

  /** The name with this number. */
  name(index: number): string | undefined {
    return this.#names[index];
  }

  /** The names by their number. */
  names(): string[] {
    return [...this.#names];
  }
}
