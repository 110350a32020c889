import type { PhaseWorker } from '../identity/stalePhase.ts';

/** Programs that execute phases: the reference's scripts and executor, and our example. */
const programs =
  /drain_one_phase|drainOnePhase\.mjs$|batch_drain_controller|drain_queued_phases|autonomous_executor/;
/** Our own, with the commands that execute phases. */
const ownProgram = /(^|[/\\])(autopack-hygiene(\.cmd)?|cli\.js)$/;
const ownCommands = new Set(['drain', 'quickstart']);
/** With these they only tell. */
const harmless = new Set(['--help', '-h', '--dry-run']);
/** What runs them. An editor or a search that merely names such a file is not at work on anything. */
const interpreters = /(^|[/\\])(python[\d.]*w?|pypy[\d.]*|py|node|uv)(\.exe)?$/i;
/** A script that was told its run: whatever runs it (the desktop editor is a Node, too), nobody merely looks at it. */
const toldItsRun = /(drain_one_phase\.py|drainOnePhase\.mjs)"?\s+--run-id\b/;
/** Options of interpreters that are followed by another script than the one to be run. */
const scriptOptions = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader']);

/** Whether a command line is that of a program working on phases, and on which; `null` if it is not. */
export function recognisePhaseWorker(pid: number, commandLine: string): PhaseWorker | null {
  const text = commandLine.trim();
  const words = [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const [program = '', first = ''] = fromProgram(words);
  const isOurs =
    ownProgram.test(program) && ownCommands.has(first) && !words.some((word) => harmless.has(word));
  const isRun = programs.test(program) || isOurs;
  if (!isRun && !toldItsRun.test(text)) return null;
  const command = text.length > 120 ? `${text.slice(0, 119)}…` : text;
  return {
    pid,
    command,
    runId: argument(text, 'run-id'),
    phaseId: argument(text, 'phase-id'),
    database: argument(text, 'database'),
  };
}

/** A command line from the script or module on that is run; a script that is only an argument of it does not count. */
function fromProgram(words: readonly string[]): readonly string[] {
  const [executable = ''] = words;
  if (ownProgram.test(executable)) return words;
  if (!interpreters.test(executable)) return [];
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-m') return words.slice(at + 1);
    if (scriptOptions.has(word)) at++;
    else if (/\.(py|[cm]?[jt]s)$/i.test(word) || ownProgram.test(word)) return words.slice(at);
  }
  return [];
}

function argument(text: string, name: string): string | null {
  const match = new RegExp(`--${name}[ =](?:"([^"]*)"|(\\S+))`).exec(text);
  return match?.[1] ?? match?.[2] ?? null;
}
