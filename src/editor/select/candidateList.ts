import type { DatabaseCandidate, DatabaseLook } from './databaseCandidate.ts';

/** The candidates found so far, each path once; tells when something is new. */
export class CandidateList {
  readonly #byPath = new Map<string, DatabaseCandidate>();
  readonly #look: (path: string) => Promise<DatabaseLook>;
  readonly #onChange: () => void;

  constructor(look: (path: string) => Promise<DatabaseLook>, onChange: () => void) {
    this.#look = look;
    this.#onChange = onChange;
  }

  get all(): readonly DatabaseCandidate[] {
    return [...this.#byPath.values()];
  }

  /** Adds a file, or only who names it where the file is known; resolves when it was looked at. */
  async add(path: string, namedBy: readonly string[] = []): Promise<void> {
    const known = this.#byPath.get(path);
    if (known !== undefined) {
      this.#put({ ...known, namedBy: [...known.namedBy, ...namedBy] });
      return;
    }
    this.#put({ path, namedBy, look: { kind: 'looking' } });
    const look = await this.#look(path);
    // Another source may have named it meanwhile.
    this.#put({ path, namedBy: this.#byPath.get(path)?.namedBy ?? namedBy, look });
  }

  #put(candidate: DatabaseCandidate): void {
    this.#byPath.set(candidate.path, candidate);
    this.#onChange();
  }
}
