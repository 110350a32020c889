import type { PhaseWorker } from './stalePhase.ts';

/** Programs that execute phases: the reference's scripts and executor, our example, and our own drain. */
const programs =
  /drain_one_phase\.py|drainOnePhase\.mjs|batch_drain_controller|drain_queued_phases|autonomous_executor|(autopack-hygiene|cli\.js)"?\s+(drain|quickstart)\b/;
/** What runs them. An editor or a search that merely names such a file is not at work on anything. */
const interpreters = /(^|[/\\])(python[\d.]*w?|pypy[\d.]*|py|node|uv|autopack-hygiene)(\.exe)?$/i;

/** A script that was told its run: whatever runs it (the desktop editor is a Node, too), nobody merely looks at it. */
const toldItsRun = /(drain_one_phase\.py|drainOnePhase\.mjs)"?\s+--run-id\b/;

/** Whether a command line is that of a program working on phases, and on which; `null` if it is not. */
export function recognisePhaseWorker(pid: number, commandLine: string): PhaseWorker | null {
  const text = commandLine.trim();
  const executable = /^"([^"]+)"|^(\S+)/.exec(text);
  const isRun = programs.test(text) && interpreters.test(executable?.[1] ?? executable?.[2] ?? '');
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

function argument(text: string, name: string): string | null {
  const match = new RegExp(`--${name}[ =](?:"([^"]*)"|(\\S+))`).exec(text);
  return match?.[1] ?? match?.[2] ?? null;
}
