import type { CostQuote } from '../model/execution.ts';
import { markdownTable } from '../text/document.ts';
import { t } from '../text/l10n.ts';
import { escapeMarkdown, inlineCode } from '../text/markdown.ts';
import { printable } from '../text/printable.ts';
import { counted, formatCount, formatDollars } from '../text/quantities.ts';
import type { DrainPlan } from './planDrain.ts';

/** What a drain comes to at most, in one line: `10 phases, 150 min, 500,000 tokens`. */
export function atMostText({ atMost }: DrainPlan): string {
  const { executions, minutes, tokens } = atMost;
  const tokenText = tokens === null ? t`no token limit` : t`${formatCount(tokens)} tokens`;
  return `${counted(executions, 'execution')}, ${formatCount(Math.ceil(minutes))} min, ${tokenText}`;
}

/** `About $0.12 for gpt-5, at most $1.90 (prices of 2026-11-01).` */
export function costText({ model, price }: CostQuote): string {
  const name = printable(model);
  if (price === null) return t`The cost is not known: no price for ${name}.`;
  const { expected, most, date } = price;
  return t`About ${formatDollars(expected)} for ${name}, at most ${formatDollars(most)} (prices of ${date}).`;
}

/** Lines that a person should read before, besides the steps. */
export function planRemarks(plan: DrainPlan): string[] {
  const { only, atMost, stop, candidates, steps } = plan;
  const earlier = earlierQueuedText(plan);
  const samples = steps.filter(({ kind }) => kind === 'sample').length;
  return [
    ...(only === null ? [] : [t`Only phases that match: ${only}.`]),
    ...(stop === null ? [] : [t`Nothing would be drained: ${stop.message}`]),
    ...(candidates === 0 ? [t`There is nothing to drain.`] : []),
    ...(earlier === null ? [] : [earlier]),
    ...(samples > 0 && samples < steps.length
      ? [
          samples === 1
            ? t`The first is a sample: the others of its run follow unless it fails in a way already seen, without telemetry.`
            : t`The first ${samples} are samples, one of each run: the others of a run follow unless it fails in a way already seen, without telemetry.`,
        ]
      : []),
    ...(atMost.tokens === null
      ? [t`Some phases have no token cap and the drain has no limit that bounds them: set a token budget.`]
      : []),
  ];
}

/** Which phases would run in place of those that were chosen, and why; `null` where none would. */
export function earlierQueuedText({ steps }: DrainPlan): string | null {
  const instead = steps.filter(({ insteadOf }) => insteadOf !== null);
  const [first] = instead;
  if (first === undefined) return null;
  const wanted = [...new Set(instead.map(({ insteadOf }) => insteadOf?.phaseId ?? ''))];
  const ran = instead.map(({ candidate }) => candidate.phaseId);
  return t`Autopack runs the first queued phase of a run, whatever phase it is asked for: this drain would execute ${listed(ran)} in place of ${listed(wanted)}.`;
}

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, 5);
  const more = ids.length - shown.length;
  return more === 0 ? shown.join(', ') : t`${shown.join(', ')} and ${more} more`;
}

/** The plan of a drain as a Markdown document, to be read before it starts. */
export function renderDrainPlan(plan: DrainPlan): string {
  const rows = plan.steps.map(({ candidate, reason }, index) => [
    String(index + 1),
    inlineCode(candidate.runId),
    inlineCode(candidate.phaseId),
    escapeMarkdown(candidate.state),
    candidate.tokenCap === null ? '–' : formatCount(candidate.tokenCap),
    escapeMarkdown(reason),
  ]);
  const left = plan.notTaken.map(
    ({ phases, reason }) => `- ${counted(phases.length, 'phase')}: ${inlineCode(reason)}`,
  );
  return `${[
    `# ${t`Drain plan`}`,
    t`${counted(plan.steps.length, 'phase')} of ${counted(plan.candidates, 'candidate')}. **At most** ${atMostText(plan)}.`,
    ...planRemarks(plan).map((remark) => escapeMarkdown(remark)),
    ...(rows.length === 0
      ? []
      : [
          `## ${t`In this order`}`,
          markdownTable(['', t`Run`, t`Phase`, t`State`, t`Token cap`, t`Why`], rows),
        ]),
    ...(left.length === 0 ? [] : [`## ${t`Not included`}`, left.join('\n')]),
  ].join('\n\n')}\n`;
}
