import type { PhaseKind } from '../telemetry/coverage/coverage.ts';
import { telemetryFolder } from './plans/telemetryCollectionV4.ts';
import type { PlannedPhase } from './seedPlan.ts';
import { libraryTopics, moduleTopics } from './targetedTopics.ts';
import type { Topic } from './targetedTopics.ts';

/** A phase without its id: what it is about and what it delivers. */
export type PhaseTask = Omit<PlannedPhase, 'phaseId'> & { readonly stem: string };

const partsOf: Readonly<Record<PlannedPhase['complexity'], number>> = { low: 2, medium: 4, high: 6 };

/**
 * Thinks up phases that can be done by themselves, whatever was done before: modules that need nothing but Python, tests
 * and guides of what Python brings along. No two deliver the same file, nor one that was taken before.
 */
export class TargetedTasks {
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
