import * as vscode from 'vscode';
import * as z from 'zod';
import { lazily } from '../../core/lazily.ts';
import { isWrong, type Finding } from '../../core/identity/findings.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import { findingId, sourceId, type DriftReport } from './issues.ts';

const key = 'ignoredIssues';
const stored = lazily(() => z.array(z.object({ path: z.string(), id: z.string() })));
/** The oldest go first. */
const most = 200;

/** What does not tell one database from another: whoever ignores anything else would not see that they work on the wrong one. */
const ignorable: ReadonlySet<Finding['code']> = new Set([
  'not-adopted',
  'git',
  'no-migrations',
  'drain-killed',
  'lock-left',
  'stale-phases',
  'canary-left',
  'empty',
]);

/** Whether a person may say that a finding does not matter to them. */
export function mayBeIgnored({ code }: Pick<Finding, 'code'>): boolean {
  return ignorable.has(code);
}

/**
 * The issues of databases that a person chose to ignore in this workspace. Each is known by what it is about: one that is
 * about something else by now, such as more phases, is shown again.
 */
export class IgnoredIssues implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #memento: vscode.Memento;
  readonly #changes = this.#store.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changes.event;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** Ignores an issue of the database at the absolute `path`, by the id of its row. */
  async add(path: string, id: string): Promise<void> {
    await this.#write(
      [...this.#all.filter((each) => each.path !== path || each.id !== id), { path, id }].slice(-most),
    );
  }

  /** Shows all issues of a database again. */
  async clear(path: string): Promise<void> {
    await this.#write(this.#all.filter((each) => each.path !== path));
  }

  /** The report without what is ignored, and how much that is. */
  filter(report: DriftReport): DriftReport {
    const ids = new Set(this.#all.filter(({ path }) => path === report.path).map(({ id }) => id));
    if (ids.size === 0) return report;
    const findings = report.findings.filter(
      (finding) => !mayBeIgnored(finding) || !ids.has(findingId(finding)),
    );
    const sources = report.sources.filter((source) => !isWrong(source) || !ids.has(sourceId(source)));
    const ignored = report.findings.length - findings.length + (report.sources.length - sources.length);
    return { ...report, findings, sources, ignored };
  }

  dispose(): void {
    this.#store.dispose();
  }

  get #all(): z.output<ReturnType<typeof stored>> {
    return stored().safeParse(this.#memento.get(key)).data ?? [];
  }

  async #write(issues: z.output<ReturnType<typeof stored>>): Promise<void> {
    await this.#memento.update(key, issues.length === 0 ? undefined : issues);
    this.#changes.fire();
  }
}
