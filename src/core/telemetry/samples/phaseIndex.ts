import { ColumnDecoders } from '../../db/scan/columnDecoders.ts';
import type { QueryContext } from '../../db/scan/queryContext.ts';
import { scanTable } from '../../db/scan/scanTable.ts';
import type { PhaseKey } from '../../model/phase.ts';
import { normaliseCategory } from '../../model/sampleKind.ts';
import { Interner } from './columns.ts';

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

/** The phases whose run is in the database too, with their categories; none where runs or phases cannot be told apart. */
export function readPhaseIndex(context: QueryContext): PhaseIndex {
  const { schema, warnings } = context;
  const index = new PhaseIndex();
  const hasKeys =
    schema.hasColumn('runs', 'id') &&
    schema.hasColumn('phases', 'run_id') &&
    schema.hasColumn('phases', 'phase_id');
  if (!hasKeys) return index;
  const runs = new Set<string>();
  const texts = new Interner((text) => text ?? '');
  const number = (text: string | null): number => texts.index(text);
  const name = (at: number | undefined): string => texts.name(at ?? -1) ?? '';
  // `runs.id` is the primary key of text, and so each row has its own.
  const ofRuns = new ColumnDecoders('runs', warnings);
  scanTable(context, 'runs', [ofRuns.text('id', number)], ([id]) => runs.add(name(id)));
  const ofPhases = new ColumnDecoders('phases', warnings);
  const columns = ['run_id', 'phase_id', 'task_category'].map((column) => ofPhases.text(column, number));
  scanTable(context, 'phases', columns, ([run, phase, category]) => {
    const runId = name(run);
    if (runs.has(runId)) index.addKnown({ runId, phaseId: name(phase) }, name(category));
  });
  return index;
}

/** Finds the phase of a row by the numbers of its two texts; neighbours mostly are of one phase. */
export class PhaseNumbers {
  readonly runs = new Interner((text) => text ?? '');
  readonly ids = new Interner((text) => text ?? '');
  readonly #phases: PhaseIndex;
  #run = -1;
  #id = -1;
  #phase = 0;

  constructor(phases: PhaseIndex) {
    this.#phases = phases;
  }

  /** The number of the phase in the index, where it is noted if it was not known. */
  phase(run: number, id: number): number {
    if (run !== this.#run || id !== this.#id) {
      this.#run = run;
      this.#id = id;
      this.#phase = this.#phases.indexOf(this.runs.name(run) ?? '', this.ids.name(id) ?? '');
    }
    return this.#phase;
  }

  /** The same, but `undefined` where the index does not hold it. */
  find(run: number, id: number): number | undefined {
    return this.#phases.find(this.runs.name(run) ?? '', this.ids.name(id) ?? '');
  }
}
