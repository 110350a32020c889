import { timeId } from '../model/timestamp.ts';
import { stillToSeed, type Coverage, type PhaseKind } from '../telemetry/analysis/coverage.ts';
import type { SeedInventory } from './seedInventory.ts';
import type { PlannedPhase, SeedPlan } from './seedPlan.ts';
import { libraryTopics, moduleTopics, type Topic } from './targetedTopics.ts';
import { telemetryCollectionV4, telemetryFolder } from './telemetryCollectionV4.ts';

/** How much longer a run may take for each phase, in minutes: as Autopack's plan has it. */
const minutesPerPhase = 12;

/**
 * A run with just the phases whose kinds are missing and do not wait already, or `null` if there are none. Its ids and
 * deliverables are no earlier run's; `now` (ms since the epoch) names it.
 */
export function planTargetedRun(coverage: Coverage, existing: SeedInventory, now: number): SeedPlan | null {
  const tasks = new TargetedTasks(existing.deliverables);
  const stamp = timeId(now);
  const usedIds = new Set(existing.phaseIds);
  const phases: PlannedPhase[] = [];
  for (const cell of coverage.cells) {
    for (let missing = stillToSeed(cell); missing > 0; missing -= 1) {
      const task = tasks.next(cell);
      if (task === null) break;
      const { stem, ...phase } = task;
      const number = String(phases.length + 1).padStart(2, '0');
      phases.push({ ...phase, phaseId: unused(`telemetry-${stamp}-${number}-${stem}`, usedIds) });
    }
  }
  if (phases.length === 0) return null;
  return {
    ...telemetryCollectionV4,
    runId: unused(`telemetry-collection-targeted-${stamp}`, new Set(existing.runIds)),
    tokenCap: Math.max(
      telemetryCollectionV4.tokenCap,
      phases.length * telemetryCollectionV4.incidentTokenCap,
    ),
    maxPhases: Math.max(telemetryCollectionV4.maxPhases, phases.length),
    maxDurationMinutes: Math.max(telemetryCollectionV4.maxDurationMinutes, phases.length * minutesPerPhase),
    tier: {
      ...telemetryCollectionV4.tier,
      name: 'Targeted telemetry collection',
      description: 'Small self-contained tasks of the kinds of which too little is known.',
    },
    paths: [telemetryFolder],
    phases,
  };
}

function unused(name: string, used: Set<string>): string {
  let free = name;
  for (let number = 2; used.has(free); number += 1) free = `${name}-${number}`;
  used.add(free);
  return free;
}

/** A phase without its id: what it is about and what it delivers. */
export type PhaseTask = Omit<PlannedPhase, 'phaseId'> & { readonly stem: string };

const partsOf: Readonly<Record<PlannedPhase['complexity'], number>> = { low: 2, medium: 4, high: 6 };

/**
 * Thinks up phases that can be done by themselves, whatever was done before: modules that need nothing but Python, tests
 * and guides of what Python brings along. No two deliver the same file, nor one that was taken before.
 */
class TargetedTasks {
  readonly #taken: Set<string>;
  readonly #next = new Map<string, number>();

  /** `taken`: files that other phases deliver. */
  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** A task of a kind, or `null` for a kind there is no task of. */
  next(kind: PhaseKind): PhaseTask | null {
    const { category, complexity } = kind;
    if (complexity !== 'low' && complexity !== 'medium' && complexity !== 'high') return null;
    const several = kind.deliverables !== '1';
    switch (category) {
      case 'implementation':
        return this.#task(moduleTopics, category, (subject, stem) =>
          moduleTask(subject, stem, complexity, several),
        );
      case 'tests':
        return this.#task(libraryTopics, category, (subject, stem) =>
          testTask(subject, stem, complexity, several),
        );
      case 'docs':
        return this.#task(libraryTopics, category, (subject, stem) =>
          guideTask(subject, stem, complexity, several),
        );
      default:
        return null;
    }
  }

  #task(
    topics: readonly Topic[],
    category: string,
    make: (subject: Topic, stem: string) => PhaseTask,
  ): PhaseTask {
    for (let turn = this.#next.get(category) ?? 0; ; turn += 1) {
      const round = Math.floor(turn / topics.length) + 1;
      const subject = topics[turn % topics.length] ?? { stem: 'topic', title: 'Topic', parts: [] };
      const task = make(subject, round === 1 ? subject.stem : `${subject.stem}_${round}`);
      if (task.deliverables.some((path) => this.#taken.has(path))) continue;
      for (const path of task.deliverables) this.#taken.add(path);
      this.#next.set(category, turn + 1);
      return task;
    }
  }
}

function moduleTask(
  { title, parts }: Topic,
  stem: string,
  complexity: PlannedPhase['complexity'],
  several: boolean,
): PhaseTask {
  const files = several ? [`${stem}_values.py`, `${stem}_tools.py`] : [`${stem}_tools.py`];
  const where = several ? `${stem}_tools.py, with its constants and types in ${stem}_values.py` : files[0];
  const care =
    complexity === 'high' ? ' Check every argument, and say in the docstrings what is refused.' : '';
  return {
    stem,
    name: `${title} in Python`,
    description: `Write ${where ?? stem} with ${list(parts, complexity)}, by the standard library alone.${care}`,
    ...common('implementation', complexity, files),
  };
}

function testTask(
  { title, parts }: Topic,
  stem: string,
  complexity: PlannedPhase['complexity'],
  several: boolean,
): PhaseTask {
  const files = several ? [`test_std_${stem}.py`, `std_${stem}_cases.py`] : [`test_std_${stem}.py`];
  const cases = several ? ` Keep the cases in std_${stem}_cases.py.` : '';
  const edges = complexity === 'low' ? '' : ' Cover edge cases and errors too.';
  return {
    stem,
    name: `Tests of Python's ${title}`,
    description: `Test ${list(parts, complexity)} of Python's ${title} module with pytest.${edges}${cases}`,
    ...common('tests', complexity, files),
  };
}

function guideTask(
  { title, parts }: Topic,
  stem: string,
  complexity: PlannedPhase['complexity'],
  several: boolean,
): PhaseTask {
  const files = several ? [`${stem}_guide.md`, `${stem}_examples.md`] : [`${stem}_guide.md`];
  const examples = several ? ` Put longer examples into ${stem}_examples.md.` : ' Give an example of each.';
  const depth = complexity === 'high' ? ' Compare the alternatives, and tell the common mistakes.' : '';
  return {
    stem,
    name: `A guide to Python's ${title}`,
    description: `Describe ${list(parts, complexity)} of Python's ${title} module in ${stem}_guide.md.${examples}${depth}`,
    ...common('docs', complexity, files),
  };
}

function common(category: string, complexity: PlannedPhase['complexity'], files: readonly string[]) {
  return {
    category,
    complexity,
    readOnlyContext: [],
    deliverables: files.map((file) => telemetryFolder + file),
  };
}

function list(parts: readonly string[], complexity: PlannedPhase['complexity']): string {
  const chosen = parts.slice(0, partsOf[complexity]);
  return `${chosen.slice(0, -1).join(', ')} and ${chosen.at(-1) ?? ''}`;
}
