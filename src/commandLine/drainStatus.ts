import { applyProgress, type DrainProgress, type LiveDrain } from '../core/drain/drainProgress.ts';
import { runningDescription } from '../core/drain/timeLeft.ts';
import { workersText } from '../core/drain/workersText.ts';
import type { PhaseKey } from '../core/model/phase.ts';
import type { ClockPort } from '../core/ports.ts';
import type { CommandContext } from './commandContext.ts';
import { drainProgressText } from './drainReport.ts';
import { textLines } from './textLayout.ts';

/** How often a clock that ticks is shown, in ms. */
const tickMs = 1000;
const barWidth = 16;

/**
 * Tells a person how a drain gets on: a line for each event and, in a terminal, a last line with a bar, the phase, cost and
 * the time left. `end` takes the last line away.
 */
export class DrainStatus {
  readonly #context: Pick<CommandContext, 'stderr' | 'status' | 'clock'>;
  #live: LiveDrain;
  readonly #ticking: NodeJS.Timeout | null;
  /** The phase of the last line that announced one: what comes of another names it. */
  #announced: PhaseKey | null = null;

  /** `live` is how the drain stands. */
  constructor(context: Pick<CommandContext, 'stderr' | 'status' | 'clock'>, live: LiveDrain) {
    this.#context = context;
    this.#live = live;
    this.#ticking = context.status === null ? null : setInterval(() => this.#show(), tickMs);
    this.#show();
  }

  /** Takes what a drain of this process says. */
  take(progress: DrainProgress): void {
    this.follow(applyProgress(this.#live, progress), progress);
  }

  /** Takes how a drain stands now, and what came of it, if anything. */
  follow(live: LiveDrain, progress: DrainProgress | null): void {
    this.#live = live;
    if (progress?.kind === 'phase-started') this.#announced = progress.key;
    const line = progress === null ? null : drainProgressText(progress, this.#announced);
    if (line !== null) this.#context.stderr(`${textLines([line])}\n`);
    this.#show();
  }

  end(): void {
    clearInterval(this.#ticking ?? undefined);
    this.#context.status?.('');
  }

  #show(): void {
    this.#context.status?.(statusText(this.#live, this.#context.clock));
  }
}

/** `██████░░░░░░░░░░ 3 of 8 · 42 s · 4–9 min left · ~$0.0123 · parser: asking`: how a drain stands. */
export function statusText(live: LiveDrain, clock: Pick<ClockPort, 'now'>): string {
  const { ended, expected, inFlight, workers } = live;
  const full = expected === 0 ? 0 : Math.min(barWidth, Math.floor((ended / expected) * barWidth));
  const bar = '█'.repeat(full) + '░'.repeat(barWidth - full);
  const step = inFlight?.activity == null ? '' : `: ${inFlight.activity.step}`;
  const phase = inFlight === null ? '' : ` · ${inFlight.key.phaseId}${step}`;
  const who = workers.length > 0 ? ` · ${workersText(workers)}` : phase;
  return `${bar} ${runningDescription(live, clock.now())}${who}`;
}
