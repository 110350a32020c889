import type { PhaseKey } from '../model/phase.ts';
import { normaliseCategory } from './sampleKind.ts';

/**
 * A phase that samples belong to, and whether it and its run are in the database. Logs do not name phases: what they alone
 * tell of stands under the log's name and its line.
 */
export interface SampledPhase extends PhaseKey {
  readonly known: boolean;
  readonly origin: 'database' | 'log';
  /** As normalised; `null` where it is not known. */
  readonly category: string | null;
}

/**
 * Numbers phases by run and phase id, so that millions of samples can name theirs in four bytes.
 * Two maps instead of one joined key: joining would build a string for every sample.
 */
export class PhaseIndex {
  readonly #byRun = new Map<string, Map<string, number>>();
  readonly #phases: SampledPhase[] = [];
  readonly #categories = new Map<string, string | null>();

  /** Notes a phase that the database holds, and its category as stored. Do this before looking any sample's phase up. */
  addKnown(phase: PhaseKey, category: string | null = null): void {
    this.#number(phase.runId, phase.phaseId, true, category === null ? null : this.#named(category));
  }

  /** Notes a call that only a log tells of; it is not looked up again. */
  addLogged(log: string, line: number): number {
    return this.#phases.push(new LoggedPhase(log, line)) - 1;
  }

  /** The number of a sample's phase; one not noted as known before is an orphan's. */
  indexOf(runId: string, phaseId: string): number {
    return this.#byRun.get(runId)?.get(phaseId) ?? this.#number(runId, phaseId, false, null);
  }

  /** Whether the phase with this number is missing in the database that its samples are from. */
  isOrphaned(index: number): boolean {
    const phase = this.#phases[index];
    return phase === undefined || isOrphaned(phase);
  }

  /** The number of a phase that was met before. */
  find(runId: string, phaseId: string): number | undefined {
    return this.#byRun.get(runId)?.get(phaseId);
  }

  /** The category of the phase with this number, normalised; `null` where it is not known. */
  categoryOf(index: number): string | null {
    return this.#phases[index]?.category ?? null;
  }

  /** The phases by their number. */
  phases(): readonly SampledPhase[] {
    return this.#phases;
  }

  /** A category as normalised, `null` where it tells none. Each different text is normalised once. */
  #named(category: string): string | null {
    let name = this.#categories.get(category);
    if (name === undefined) {
      const normalised = normaliseCategory(category);
      name = normalised === 'unknown' ? null : normalised;
      this.#categories.set(category, name);
    }
    return name;
  }

  #number(runId: string, phaseId: string, known: boolean, category: string | null): number {
    let ofRun = this.#byRun.get(runId);
    if (ofRun === undefined) this.#byRun.set(runId, (ofRun = new Map<string, number>()));
    const existing = ofRun.get(phaseId);
    if (existing !== undefined) return existing;
    const index = this.#phases.push({ runId, phaseId, known, origin: 'database', category }) - 1;
    ofRun.set(phaseId, index);
    return index;
  }
}

const logged = { known: false, origin: 'log', category: null } as const;

/** A call of a log in place of its phase: there may be millions, so that each keeps no more than its two values. */
class LoggedPhase implements SampledPhase {
  readonly runId: string;
  readonly #line: number;

  constructor(log: string, line: number) {
    this.runId = log;
    this.#line = line;
  }

  get phaseId(): string {
    return `line ${this.#line}`;
  }

  get known(): boolean {
    return logged.known;
  }

  get origin(): 'log' {
    return logged.origin;
  }

  get category(): null {
    return logged.category;
  }
}

/** Whether a phase is missing in the database that its samples are from. */
export function isOrphaned(phase: SampledPhase): boolean {
  return !phase.known && phase.origin === 'database';
}
