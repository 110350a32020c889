import { renderDrainPlan } from '../../core/drain/drainPlanText.ts';
import type { DrainOptions } from '../../core/drain/drainOptions.ts';
import type { DrainPlan } from '../../core/drain/planDrain.ts';
import { escapeMarkdown, factList, inlineCode } from '../../core/text/markdown.ts';
import { levelNames } from '../../core/model/protectionLevel.ts';
import { counted } from '../../core/text/quantities.ts';
import { roleInWords } from '../../core/identity/roleText.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { stateCountsLabel } from '../window/labels.ts';
import type { DrainLimits } from './drainLimitTexts.ts';
import type { DrainSubject } from './drainSubject.ts';
import type { OfferBasis } from '../offers/offerBasis.ts';

/** Everything a person should see before tokens are spent, besides the database. */
export interface DrainQuestion {
  readonly subject: DrainSubject;
  /** What a resumed drain is about: its run, or the name of the database where there are several. */
  readonly resumes: string;
  /** Phases that could be taken. */
  readonly candidates: number;
  /** Everything that bounds it; those of the limits that can be changed. */
  readonly options: DrainOptions;
  readonly limits: readonly (keyof DrainLimits)[];
  /** How many processes work on it. */
  readonly workers: number;
  /** Why it would come to nothing, in one sentence; `null` where it would not. */
  readonly pointless: string | null;
  /** What the drain comes to at most: executions, minutes, tokens. */
  readonly atMost: string;
  /** What it is to cost; `null` where the executor does not tell. */
  readonly cost: string | null;
  /** How files are written; `null` where the executor's own program writes them. */
  readonly writing: string | null;
  /** It stops where no window is open when it needs one. */
  readonly needsWindow: boolean;
  /** What is wrong with the database or around it, gravest first. */
  readonly issues: readonly string[];
  readonly warnings: readonly string[];
  /** In words. */
  readonly executor: string;
  /** The address of the server that the executor reuses; `null` where it uses none that runs. */
  readonly apiServer: string | null;
  /** Absolute. */
  readonly folder: string;
}

/** What a plan document is made from. */
export interface PlanDocument {
  /** The question the plan answers. */
  readonly message: string;
  readonly question: Pick<
    DrainQuestion,
    'issues' | 'warnings' | 'executor' | 'workers' | 'apiServer' | 'folder' | 'cost' | 'writing' | 'pointless'
  >;
  readonly plan: DrainPlan;
  readonly basis: OfferBasis;
}

/** The plan as a Markdown document that carries its own confirmation: the database comes first, then what is wrong with it. */
export function planDocumentText({ message, question, plan, basis }: PlanDocument): string {
  const { issues, warnings, executor, workers, apiServer, folder, cost, writing, pointless } = question;
  const { content, path } = basis;
  const readable = content.kind === 'content' ? content : null;
  return [
    `# ${escapeMarkdown(`${planTitle(path)}${readable === null ? '' : ` (${roleInWords(readable)})`}`)}`,
    pointless === null
      ? `${escapeMarkdown(message)} ${t`Choose **Drain** or **Cancel** at the top right of this editor.`}`
      : `**${t`Nothing would be executed.`}** ${escapeMarkdown(pointless)}`,
    factList([
      [t`Database`, escapeMarkdown(databaseName(path))],
      [t`Role`, readable === null ? null : roleInWords(readable)],
      [t`Protection`, readable?.level == null ? null : levelNames()[readable.level]],
      [t`Path`, inlineCode(path)],
      [
        t`Content`,
        readable === null
          ? null
          : `${counted(readable.runs, 'run')}, ${escapeMarkdown(stateCountsLabel(readable.phases))}`,
      ],
      [t`Executor`, escapeMarkdown(executor)],
      [t`Workers`, workers === 1 ? null : t`${workers}, each phase by one of them`],
      [t`API server`, apiServer === null ? null : inlineCode(apiServer)],
      [t`Folder`, inlineCode(folder)],
      [t`Cost`, cost === null ? null : escapeMarkdown(cost)],
      [t`Files`, writing === null ? null : escapeMarkdown(writing)],
    ]),
    ...listSection(counted(issues.length, 'issue'), issues),
    ...listSection(counted(warnings.length, 'warning'), warnings),
    renderDrainPlan(plan).replace(/^# .*\n+/, ''),
  ].join('\n\n');
}

/** What stands in the place of a plan that can no longer be agreed to; `reason` is a part of a sentence. */
export function expiredPlanText(path: string, reason: string): string {
  return [
    `# ${escapeMarkdown(planTitle(path))}`,
    `**${t`This plan no longer applies: ${escapeMarkdown(reason)}.`}** ${t`Nothing was drained.`}`,
    `${t`Check the selected database, then run **Autopack: Drain…** again for a new plan.`}\n`,
  ].join('\n\n');
}

function planTitle(path: string): string {
  return t`Drain plan: ${databaseName(path)}`;
}

function listSection(title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : [`## ${title}`, lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n')];
}
