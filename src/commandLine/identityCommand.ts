import type { Command } from 'commander';
import type { UserFacingError } from '../core/errors.ts';
import { notAutopack } from '../core/identity/adoptDatabase.ts';
import { pinWarning, type DatabasePin, type PinVerdict } from '../core/identity/databasePin.ts';
import type { SourceTarget } from '../core/identity/databaseSource.ts';
import { drift, isDrifting, originText, type SourceDrift } from '../core/identity/drift.ts';
import { migrationsText, otherTelemetryText } from '../core/identity/schemaFacts.ts';
import { serverFacts } from '../core/identity/serverText.ts';
import type { DatabaseFacts } from '../core/model/databaseFacts.ts';
import type { Inspection } from '../node/identity/databaseGuard.ts';
import { formatDateTime } from '../core/text/times.ts';
import { levelMeanings, levelNames, type ProtectionLevel } from '../core/model/protectionLevel.ts';
import { collectDatabaseSources } from '../node/maintenance/collectDatabaseSources.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption, databaseTarget, type DatabaseOptions } from './databaseOption.ts';
import { guardOf } from './guardOptions.ts';
import { textLines, alignColumns } from './textLayout.ts';

/** `identity`: which database this is, and what is in it. */
export function addIdentityCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('identity')
    .description('Show which database this is: file, role, counts, states, telemetry, schema, warnings.')
    .addOption(databaseOption())
    .option('--json', 'print one JSON object')
    .action((options: DatabaseOptions) => report(options, identity(options, context)));
}

async function identity(options: DatabaseOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const places = { folders: [context.cwd], environment: context.env, selection: path };
  const [{ facts, inspection }, sources] = await Promise.all([
    readIdentity(path, context),
    collectDatabaseSources(places).then(drift),
  ]);
  const { pin, verdict, pinsProblem } = inspection;
  const warning = pinWarning(verdict);
  return {
    exitCode: exitCodes.good,
    json: {
      ...identityJson(databaseUrl, facts),
      lastChange: inspection.fingerprint.lastChange.serial,
      pinned: pinJson(pin, verdict),
      ...(pinsProblem === null ? {} : { pinsProblem: problemText(pinsProblem) }),
      drift: driftJson(sources),
    },
    text: [
      identityText(facts, inspection.fingerprint.lastChange.serial),
      textLines([
        ...(pinsProblem === null ? [] : [`warning: ${problemText(pinsProblem)}`]),
        ...(warning === null ? [] : [`warning: ${warning}`]),
        ...driftText(sources),
      ]),
    ]
      .filter((part) => part !== '')
      .join('\n'),
  };
}

/** Both questions are on their way at once; that the file is another program's goes before everything else. */
async function readIdentity(
  path: string,
  context: CommandContext,
): Promise<{ readonly facts: DatabaseFacts; readonly inspection: Inspection }> {
  const inspecting = guardOf(context, {}).inspect(path, context.signal);
  inspecting.catch(() => undefined);
  const { value: facts } = await context.reader.request(path, 'identity', null, context.signal);
  refuseForeign(facts);
  return { facts, inspection: await inspecting };
}

/** What this folder knows of the database, and whether that still holds. */
function pinJson(pin: DatabasePin | null, { kind, differences }: PinVerdict): object | null {
  if (pin === null) return null;
  const { id, role, path, lastChange, pinnedAt } = pin;
  return {
    id,
    role,
    path,
    lastChange: lastChange.serial,
    pinnedAt: new Date(pinnedAt).toISOString(),
    verdict: kind,
    differences,
  };
}

/** The database can be looked at all the same; nothing is written until the pins can be read. */
function problemText({ message, nextStep }: UserFacingError): string {
  return `${message} ${nextStep}`;
}

function driftText(sources: readonly SourceDrift[]): string[] {
  return sources.filter(isDrifting).map(({ message }) => `warning: ${message}`);
}

/** Another program's database has no identity to speak of: scripts must not take it for an answer. */
function refuseForeign({ path, warnings }: DatabaseFacts): void {
  if (!warnings.some(({ code }) => code === 'not-autopack')) return;
  throw notAutopack(path, 'Name another file, or create a database with init.');
}

/** The object `identity --json` prints; its keys are a promise to scripts. */
export function identityJson(databaseUrl: string, facts: DatabaseFacts): object {
  return {
    databaseUrl,
    path: facts.path,
    sizeBytes: facts.sizeBytes,
    modifiedAt: new Date(facts.modifiedAt).toISOString(),
    journalMode: facts.journalMode,
    ...(facts.server === undefined ? {} : { server: facts.server }),
    id: facts.id,
    role: facts.role,
    roleSource: facts.roleSource,
    protection: facts.level,
    counts: facts.counts,
    phaseStates: facts.phaseStates,
    telemetry: facts.telemetry,
    otherTelemetry: facts.otherTelemetry,
    schema: facts.schema,
    migrations: facts.migrations,
    warnings: facts.warnings,
  };
}

/** The identity of a database for a person at a terminal. */
function identityText(facts: DatabaseFacts, lastChange: number): string {
  const { counts, telemetry, schema } = facts;
  const rows: [string, string][] = [
    ['Database', facts.path],
    ...serverRows(facts),
    ['Id', facts.id ?? 'none: not adopted, cannot be written'],
    ['Role', roleText(facts)],
    ...optionalRow('Protection', facts.level === null ? null : protectionText(facts.level)),
    [
      'Size',
      `${facts.sizeBytes.toLocaleString('en-US')} bytes, modified ${formatDateTime(facts.modifiedAt)}`,
    ],
    ...optionalRow('Last change', lastChange === 0 ? null : `${lastChange} (see journal)`),
    ...optionalRow('Journal mode', facts.server === undefined ? facts.journalMode : null),
    ['Schema', `${schema.fingerprint}${lacking(schema.missingTables, schema.missingColumns)}`],
    ...optionalRow('Migrations', migrationsText(facts.migrations)),
    ['Runs', count(counts.runs)],
    ['Phases', `${count(counts.phases)}${breakdown(facts.phaseStates)}`],
    ['Token estimation events', count(counts.tokenEstimationEvents)],
    ['Budget escalation events', count(counts.tokenBudgetEscalationEvents)],
    ['LLM usage events', count(counts.llmUsageEvents)],
    ...optionalRow('Other telemetry', otherTelemetryText(facts.otherTelemetry)),
  ];
  if (telemetry !== null && telemetry.total > 0) {
    rows.push([
      'Telemetry',
      `${telemetry.success} successful, ${telemetry.truncated} truncated of ${telemetry.total}`,
    ]);
    rows.push(['  by category', list(telemetry.byCategory)]);
    rows.push(['  by complexity', list(telemetry.byComplexity)]);
  }
  const warnings = facts.warnings.map(({ message }) => `warning: ${message}`);
  return textLines([...alignColumns(rows), ...warnings]);
}

/** What the server tells of itself; the name of the database stands in its URL. */
function serverRows({ server }: DatabaseFacts): [string, string][] {
  if (server === undefined) return [];
  return serverFacts(server).flatMap(([name, value]) => (name === 'Database' ? [] : [[name, value]]));
}

function optionalRow(name: string, value: string | null): [string, string][] {
  return value === null ? [] : [[name, value]];
}

function roleText({ role, roleSource }: DatabaseFacts): string {
  return roleSource === 'content' ? `${role} (by its runs)` : role;
}

function protectionText(level: ProtectionLevel): string {
  return `${levelNames()[level]}: ${levelMeanings()[level]}`;
}

function count(value: number | null): string {
  return value === null ? 'no such table' : value.toLocaleString('en-US');
}

function list(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  return entries.length === 0 ? 'none' : entries.map(([name, n]) => `${name} ${n}`).join(', ');
}

function breakdown(states: Readonly<Record<string, number>>): string {
  return Object.keys(states).length === 0 ? '' : ` (${list(states)})`;
}

function lacking(tables: readonly string[], columns: readonly string[]): string {
  const parts = [
    tables.length > 0 ? `tables missing: ${tables.join(', ')}` : '',
    columns.length > 0 ? `${columns.length} columns missing` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

/** A source of a database for programs: who names it, what that comes to, and how it compares. */
export function sourceJson({ source, state, message }: SourceDrift): object {
  return {
    source: originText(source.origin),
    kind: source.origin.kind,
    target: targetJson(source.target),
    state,
    message,
  };
}

/** Times are for people and programs alike. */
function targetJson(target: SourceTarget): object {
  if (target.kind !== 'server' || target.canary === undefined) return target;
  return { ...target, canary: new Date(target.canary.askedAt).toISOString() };
}

/** Only the sources that stand against the selected database. */
function driftJson(sources: readonly SourceDrift[]): object[] {
  return sources.filter(isDrifting).map(sourceJson);
}
