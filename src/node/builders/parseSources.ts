import { tmpdir } from 'node:os';
import * as z from 'zod';
import type { AnsweredFile } from '../../core/builders/answerFormat.ts';
import { findProgram } from '../system/findProgram.ts';
import { AnsweringProgram, type ProgramAnswer } from './answeringProgram.ts';
import { keylessEnvironment, type BoundedProgram } from './boundedChild.ts';

/** What is wrong with files, and why some could not be looked at, by their paths. */
export interface ParseResult {
  readonly problems: readonly { readonly path: string; readonly problem: string }[];
  readonly notChecked: readonly { readonly path: string; readonly why: string }[];
}

const timeoutMs = 20_000;
const answerLine = z.array(z.object({ path: z.string(), problem: z.string().nullable() }));

/** Parses and compiles nothing to be run. Whatever makes the parser itself fail is the file's fault, and the last one's. */
const pythonProgram = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")
for line in sys.stdin.buffer:
    found = []
    for each in json.loads(line):
        try:
            ast.parse(each["content"].encode())
        except SyntaxError as error:
            found.append({"path": each["path"], "problem": "line %s: %s" % (error.lineno or 1, error.msg)})
        except (RecursionError, MemoryError):
            found.append({"path": each["path"], "problem": "it nests too deep"})
        except ValueError as error:
            found.append({"path": each["path"], "problem": str(error)})
    print(json.dumps(found), flush=True)
`;

/** A module is parsed, not linked and not run; a file of which nobody says what it is may be a script as well. */
const nodeProgram = `
const { SourceTextModule, Script } = require('node:vm');
const { stripTypeScriptTypes } = require('node:module');
const parses = {
  module: (text) => new SourceTextModule(text),
  script: (text) => new Script('(function (exports, require, module, __filename, __dirname) {' + text.replace(/^#!.*/, '') + '\\n})'),
  type: (text) => {
    try {
      stripTypeScriptTypes(text);
    } catch (error) {
      // It was understood, and is only more than could be stripped.
      if (error.code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw error;
    }
  },
};
const problemsOf = (files) => {
  const found = [];
  for (const { path, content } of files) {
    const kinds = /ts$/.test(path) ? ['type'] : /mjs$/.test(path) ? ['module'] : /cjs$/.test(path) ? ['script'] : ['module', 'script'];
    const errors = [];
    for (const kind of kinds) try { parses[kind](content); } catch (error) { errors.push(error); }
    if (errors.length < kinds.length) continue;
    // The Node of some editors is built without a parser for types, and older ones have none.
    if (/^ERR_NO_TYPESCRIPT$/.test(errors[0].code) || typeof stripTypeScriptTypes !== 'function' && kinds[0] === 'type') {
      found.push({ path, problem: null });
      continue;
    }
    const line = /:(\\d+)\\n/.exec(String(errors[0].stack))?.[1];
    found.push({ path, problem: (line === undefined ? '' : 'line ' + line + ': ') + errors[0].message });
  }
  return found;
};
let parts = [];
process.stdin.setEncoding('utf8').on('data', (text) => {
  parts.push(text);
  if (!text.endsWith('\\n')) return;
  const line = parts.join('');
  parts = [];
  process.stdout.write(JSON.stringify(problemsOf(JSON.parse(line))) + '\\n');
});
`;

/** A parser of source files in a process of its own, which is started before there is anything to parse and kept for a while. */
export class SourceParser {
  readonly #program: Omit<BoundedProgram, 'input'> | null;
  readonly #missing: string;
  readonly #keptMs: number;
  #running: AnsweringProgram | null = null;
  #end: NodeJS.Timeout | undefined;

  private constructor(
    program: string | null,
    args: readonly string[],
    extra: Readonly<Record<string, string>>,
    missing: string,
    keptMs: number,
  ) {
    this.#keptMs = keptMs;
    const environment = { ...keylessEnvironment(), ...extra };
    this.#program = program === null ? null : { program, args, folder: tmpdir(), environment, timeoutMs };
    this.#missing = missing;
  }

  /**
   * Parses Python with the machine's own, which is never one of the workspace: what lies there would be run.
   * `keptMs` is how long it is kept once it is released.
   */
  static ofPython(workspaceFolder: string, keptMs: number): SourceParser {
    const search = { outside: [workspaceFolder] };
    const program = findProgram('python3', search) ?? findProgram('python', search);
    // Isolated: no variables, no site packages, nothing from the folder it runs in.
    return new SourceParser(program, ['-I', '-S', '-c', pythonProgram], {}, 'no Python here', keptMs);
  }

  /** Parses JavaScript and TypeScript with this very Node. */
  static ofScripts(keptMs: number): SourceParser {
    const args = ['--experimental-vm-modules', '--no-warnings', '-e', nodeProgram];
    return new SourceParser(process.execPath, args, { ELECTRON_RUN_AS_NODE: '1' }, 'no Node here', keptMs);
  }

  /** Starts it where it is not running, and keeps it until {@link release}. */
  start(): void {
    clearTimeout(this.#end);
    if (this.#program !== null && this.#running?.isWaiting !== true)
      this.#running = new AnsweringProgram(this.#program);
  }

  /** Ends it soon, unless it is started again before. */
  release(): void {
    clearTimeout(this.#end);
    this.#end = setTimeout(() => {
      void this.#running?.end();
      this.#running = null;
    }, this.#keptMs);
    // It ends with this program as well.
    this.#end.unref();
  }

  async parse(files: readonly AnsweredFile[], signal: AbortSignal): Promise<ParseResult> {
    if (files.length === 0) return { problems: [], notChecked: [] };
    if (this.#program === null) return noneChecked(files, this.#missing);
    const kept = this.#running?.isWaiting === true ? this.#running : null;
    const running = kept ?? new AnsweringProgram(this.#program);
    this.#running = running;
    // However long it takes to answer, it is kept for a while from then on.
    clearTimeout(this.#end);
    const asked = JSON.stringify(files.map(({ path, content }) => ({ path, content })));
    const answer = await running.ask(asked, signal).finally(() => this.release());
    const result = resultOf(answer, files);
    if (result !== null) return result;
    // One that was started long ago may have been ended by others since.
    if (kept !== null && answer.outcome === 'ended') return this.parse(files, signal);
    const problem = answer.outcome === 'timed-out' ? 'parsing it takes too long' : 'the parser failed on it';
    if (files.length === 1) return { problems: files.map(({ path }) => ({ path, problem })), notChecked: [] };
    // One by one, to tell which.
    const each: ParseResult[] = [];
    for (const file of files) each.push(await this.parse([file], signal));
    return {
      problems: each.flatMap(({ problems }) => problems),
      notChecked: each.flatMap(({ notChecked }) => notChecked),
    };
  }
}

/** `null` where the parser itself failed. */
function resultOf(answer: ProgramAnswer, files: readonly AnsweredFile[]): ParseResult | null {
  if (answer.outcome === 'failed-to-start') return noneChecked(files, 'its parser could not be started');
  const found = answer.outcome === 'answered' ? readAnswer(answer.line) : null;
  if (found === null) return null;
  return {
    problems: found.flatMap(({ path, problem }) => (problem === null ? [] : [{ path, problem }])),
    notChecked: found.flatMap(({ path, problem }) =>
      problem === null ? [{ path, why: 'this Node has no parser for TypeScript' }] : [],
    ),
  };
}

function noneChecked(files: readonly AnsweredFile[], why: string): ParseResult {
  return { problems: [], notChecked: files.map(({ path }) => ({ path, why })) };
}

function readAnswer(text: string): z.infer<typeof answerLine> | null {
  try {
    return answerLine.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
