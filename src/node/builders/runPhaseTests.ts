import type { Verification } from '../../core/builders/builderPorts.ts';
import { quoted } from '../../core/builders/deliverablePaths.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseBrief } from '../../core/model/phaseBrief.ts';
import { cutStart, printableLines, stripAnsi } from '../../core/text/printable.ts';
import { findPython } from '../system/findProgram.ts';
import { keylessEnvironment, runBounded, type BoundedEnd } from './boundedChild.ts';

/** How long the tests of a phase may take, in ms. */
const timeoutMs = 120_000;
/** How much of the end of their output is told, in UTF-16 units. */
const longestOutput = 1500;

/** What runs the tests of a phase; see `VerifierOptions`. */
interface TestOptions {
  readonly workspaceFolder: string;
  readonly mayRunTests: boolean;
  readonly python?: string | undefined;
}

/** Runs the tests among the deliverables of a phase, where that is allowed: with pytest, and with Node's own runner. */
export async function runPhaseTests(
  brief: PhaseBrief,
  options: TestOptions,
  signal: AbortSignal,
): Promise<Verification> {
  const python = brief.deliverables.filter((path) =>
    /(?:^|\/)(?:test_[^/]{1,200}|[^/]{1,200}_test)\.py$/.test(path),
  );
  const scripts = brief.deliverables.filter((path) => /[.-](?:test|spec)\.[cm]?js$/.test(path));
  const tests = [...python, ...scripts];
  if (tests.length === 0) return { problems: [], notChecked: [] };
  if (!options.mayRunTests) {
    return {
      problems: [],
      notChecked: tests.map(
        (path) => `${quoted(path)} was not run: this workspace does not allow tests to be run.`,
      ),
    };
  }
  const results: Verification[] = [];
  if (python.length > 0) results.push(await runPytest(python, options, signal));
  if (scripts.length > 0) results.push(await runNodeTests(scripts, options, signal));
  return {
    problems: results.flatMap(({ problems }) => problems),
    notChecked: results.flatMap(({ notChecked }) => notChecked),
  };
}

async function runPytest(
  tests: readonly string[],
  { workspaceFolder, python }: TestOptions,
  signal: AbortSignal,
): Promise<Verification> {
  const notRun = (why: string): Verification => ({
    problems: [],
    notChecked: tests.map((path) => `${quoted(path)} was not run: ${why}.`),
  });
  let program;
  try {
    program = await findPython({ setting: python, workspaceFolder });
  } catch (error) {
    if (error instanceof UserFacingError && error.code === 'no-interpreter') return notRun('no Python here');
    throw error;
  }
  const args = [
    '-m',
    'pytest',
    '-q',
    '-x',
    '--no-header',
    '-p',
    'no:cacheprovider',
    '--',
    ...tests.map(asFile),
  ];
  const environment = { ...keylessEnvironment(), PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' };
  const end = await runBounded({ program, args, folder: workspaceFolder, environment, timeoutMs }, signal);
  if (/No module named '?pytest'?\s*$/m.test(end.stderr)) return notRun('this Python has no pytest');
  // pytest's own code for "no tests collected".
  if (end.exitCode === 5) return { problems: ['The test files have no tests.'], notChecked: [] };
  return judged(end, tests);
}

async function runNodeTests(
  tests: readonly string[],
  { workspaceFolder }: TestOptions,
  signal: AbortSignal,
): Promise<Verification> {
  const environment = { ...keylessEnvironment(), ELECTRON_RUN_AS_NODE: '1' };
  const args = ['--test', '--', ...tests.map(asFile)];
  return judged(
    await runBounded(
      { program: process.execPath, args, folder: workspaceFolder, environment, timeoutMs },
      signal,
    ),
    tests,
  );
}

/** A name that begins with a hyphen is no option. */
function asFile(path: string): string {
  return path.startsWith('./') ? path : `./${path}`;
}

function judged(end: BoundedEnd, tests: readonly string[]): Verification {
  if (end.outcome === 'exited' && end.exitCode === 0) return { problems: [], notChecked: [] };
  const names = tests.slice(0, 5).map(quoted).join(', ');
  if (end.outcome === 'failed-to-start') {
    return { problems: [], notChecked: [`${names}: the tests could not be started.`] };
  }
  const how = end.outcome === 'timed-out' ? `did not end within ${timeoutMs / 1000} s` : 'fail';
  const output = stripAnsi(`${end.stdout}\n${end.stderr}`).trim();
  return {
    problems: [`The tests ${names} ${how}: ${printableLines(cutStart(output, longestOutput))}`],
    notChecked: [],
  };
}
