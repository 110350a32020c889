import { posix } from 'node:path';
import type { AnsweredFile } from '../../core/builders/answerFormat.ts';
import type { Verification, VerifierPort } from '../../core/builders/builderPorts.ts';
import { checkUnscoped, composed, quoted } from '../../core/builders/deliverablePaths.ts';
import { fileLinks } from '../../core/builders/markdownLinks.ts';
import type { PhaseBrief } from '../../core/model/phaseBrief.ts';
import { printable } from '../../core/text/printable.ts';
import { errnoCode } from '../system/fileError.ts';
import { nameOf, OpenedFolders, RefusedPath } from './openedFolder.ts';
import { SourceParser } from './parseSources.ts';
import { runPhaseTests } from './runPhaseTests.ts';

/** Where deliverables are checked. */
export interface VerifierOptions {
  /** Absolute. */
  readonly workspaceFolder: string;
  /** Whether the user allows tests of this workspace to be run: what a model wrote is executed then. */
  readonly mayRunTests: boolean;
  /** The user's setting for the Python that runs tests; see `findPython`. */
  readonly python?: string | undefined;
  /** How long parsers that no phase needs are kept for the next, in ms; ten seconds by default. */
  readonly parsersKeptMs?: number;
}

const pythonFile = /\.pyi?$/i;
const scriptFile = /\.[cm]?[jt]s$/i;

/** Checks deliverables with what this machine has. */
export class DeliverableVerifier implements VerifierPort {
  readonly #options: VerifierOptions;
  readonly #python: SourceParser;
  readonly #scripts: SourceParser;

  constructor(options: VerifierOptions) {
    this.#options = options;
    const { workspaceFolder, parsersKeptMs = 10_000 } = options;
    this.#python = SourceParser.ofPython(workspaceFolder, parsersKeptMs);
    this.#scripts = SourceParser.ofScripts(parsersKeptMs);
  }

  prepare({ deliverables }: PhaseBrief): () => void {
    const started: SourceParser[] = [];
    if (deliverables.some((path) => pythonFile.test(path))) started.push(this.#python);
    if (deliverables.some((path) => scriptFile.test(path))) started.push(this.#scripts);
    for (const parser of started) parser.start();
    return () => {
      for (const parser of started) parser.release();
    };
  }

  async parse(files: readonly AnsweredFile[], signal: AbortSignal): Promise<Verification> {
    const python = files.filter(({ path }) => pythonFile.test(path));
    const scripts = files.filter(({ path }) => scriptFile.test(path));
    const markdown = files.filter(({ path }) => /\.(?:md|markdown)$/i.test(path));
    const parsed = [await this.#python.parse(python, signal), await this.#scripts.parse(scripts, signal)];
    const problems = parsed.flatMap((each) =>
      each.problems.map(({ path, problem }) => doesNotParse(path, problem)),
    );
    const notChecked = parsed.flatMap((each) =>
      each.notChecked.map(({ path, why }) => `${quoted(path)} was not checked: ${why}.`),
    );
    const known = new Set([...python, ...scripts, ...markdown]);
    for (const file of files) {
      if (known.has(file)) continue;
      const result = await parseData(file);
      if (result.problem !== null) problems.push(doesNotParse(file.path, result.problem));
      if (result.notChecked !== null)
        notChecked.push(`${quoted(file.path)} was not checked: ${result.notChecked}.`);
    }
    problems.push(...(await this.#brokenLinks(markdown, files)));
    return { problems, notChecked };
  }

  async verify(brief: PhaseBrief, signal: AbortSignal): Promise<Verification> {
    const folders = new OpenedFolders(this.#options.workspaceFolder);
    const problems: string[] = [];
    try {
      for (const path of brief.deliverables) {
        const verdict = checkUnscoped(composed(path));
        const reason = verdict.kind === 'refused' ? verdict.reason : await faultOf(verdict.path, folders);
        if (reason !== null) problems.push(`${quoted(path)} ${reason}.`);
      }
    } finally {
      await folders.close();
    }
    if (problems.length > 0) return { problems, notChecked: [] };
    return runPhaseTests(brief, this.#options, signal);
  }

  /** Relative links that lead to nothing, neither on the disk nor in the answer. */
  async #brokenLinks(markdown: readonly AnsweredFile[], all: readonly AnsweredFile[]): Promise<string[]> {
    const given = new Set(all.map(({ path }) => posix.normalize(path)));
    const folders = new OpenedFolders(this.#options.workspaceFolder);
    const problems: string[] = [];
    try {
      for (const { path, content } of markdown) {
        for (const { target, line } of fileLinks(content)) {
          const from = target.startsWith('/') ? '' : posix.dirname(path);
          const to = posix.join(from, target).replace(/^\/|\/$/g, '');
          const isFound =
            given.has(to) ||
            [...given].some((each) => each.startsWith(`${to}/`)) ||
            (await exists(to, folders));
          if (!isFound)
            problems.push(`${quoted(path)}, line ${line}: the link to ${quoted(target)} leads to no file.`);
        }
      }
    } finally {
      await folders.close();
    }
    return problems.slice(0, 20);
  }
}

async function parseData(file: AnsweredFile): Promise<{ problem: string | null; notChecked: string | null }> {
  const { dataParserFor } = await import('./parseData.ts');
  const parse = dataParserFor(file.path);
  if (parse === null) {
    const ending = /\.[^./]{1,20}$/.exec(file.path)?.[0];
    const isText = ending === '.txt' || ending === '.rst' || ending === '.csv';
    return {
      problem: null,
      notChecked: isText ? null : `nothing here parses ${ending ?? 'files without an ending'}`,
    };
  }
  try {
    return { problem: parse(file), notChecked: null };
  } catch (error) {
    if (error instanceof RangeError) return { problem: null, notChecked: 'it is too large' };
    throw error;
  }
}

function doesNotParse(path: string, problem: string): string {
  return `${quoted(path)} does not parse: ${printable(problem, 300).replace(/\.$/, '')}.`;
}

/** What is wrong with a deliverable on the disk, as the end of a sentence; `null` where nothing is. */
async function faultOf(path: string, folders: OpenedFolders): Promise<string | null> {
  try {
    const folder = await folders.folderOf(path);
    if (folder === null || !(await folder.has(nameOf(path)))) return 'is missing';
    const file = await folder.openFile(nameOf(path));
    try {
      const start = Buffer.alloc(Math.min(file.size, 64 << 10));
      const bytes = start.subarray(0, await file.read(start, 0));
      return bytes.toString('utf8').trim() === '' ? 'is empty' : null;
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof RefusedPath) return error.message;
    const code = errnoCode(error);
    if (code === undefined) throw error;
    return `cannot be read (${code})`;
  }
}

async function exists(path: string, folders: OpenedFolders): Promise<boolean> {
  if (path === '' || path === '.') return true;
  if (path.startsWith('..') || path.includes('\0')) return false;
  try {
    const folder = await folders.folderOf(path);
    return folder !== null && (await folder.has(nameOf(path)));
  } catch (error) {
    if (error instanceof RefusedPath || errnoCode(error) !== undefined) return false;
    throw error;
  }
}
