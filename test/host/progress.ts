import { styleText } from 'node:util';

/** Says what is being done, runs it, and says how long it took; a step that fails says so and rethrows. */
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  say(`${what} …`);
  try {
    const result = await work();
    say(`  done in ${seconds(performance.now() - started)}`);
    return result;
  } catch (error) {
    say(`  failed after ${seconds(performance.now() - started)}`);
    throw error;
  }
}

/** One line for the person at the terminal; standard error, so that results stay alone on standard output. */
export function say(line: string): void {
  process.stderr.write(`${styleText('dim', '·', { stream: process.stderr })} ${line}\n`);
}

/** A duration in milliseconds as people say it: `0.4 s`, `12 s`, `2 min 5 s`. */
export function seconds(ms: number): string {
  const total = ms / 1000;
  if (total < 10) return `${total.toFixed(1)} s`;
  if (total < 90) return `${String(Math.round(total))} s`;
  return `${String(Math.floor(total / 60))} min ${String(Math.round(total % 60))} s`;
}
