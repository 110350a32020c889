import * as z from 'zod';
import { epochMs } from '../model/timestamp.ts';
import { t } from '../text/l10n.ts';
import type { DatabaseSource, SourceOrigin } from './databaseSource.ts';
import { originText } from './drift.ts';

const confirmedSource = z.object({
  kind: z.enum(['dotenv', 'setting']),
  /** Of the `.env` file its absolute path, of a setting its name. */
  place: z.string(),
  /** As in `VariableOrigin`. */
  variable: z.string(),
  /** Of the value as written: SHA-256, hexadecimal; several where folders of a window differ. */
  hashes: z.array(z.string()),
  /** The same for a person, with secrets masked. */
  text: z.string(),
  confirmedAt: epochMs,
});

/** What a person last confirmed of a `.env` or a setting that names a database. Times are ms since the epoch. */
export type ConfirmedSource = Readonly<z.output<typeof confirmedSource>>;

/** All of a workspace folder, as they are kept. Somebody else may have written them: each is a file that is looked at. */
export const confirmedSourceList = z.object({
  version: z.literal(1),
  sources: z.array(confirmedSource).max(200),
});

/** A `.env` or a setting as it is now. */
export type WatchedSource = Omit<ConfirmedSource, 'confirmedAt'>;

/** A source that is not what a person last confirmed. */
export interface SourceChange {
  readonly source: Pick<WatchedSource, 'kind' | 'place' | 'variable'>;
  /** What was confirmed, and what there is now, with secrets masked; `null` where there was, or is, nothing. */
  readonly was: string | null;
  readonly is: string | null;
}

type Watchable = Extract<SourceOrigin, { kind: 'dotenv' | 'setting' }>;

/** What is watched among sources: those that others can change behind a person's back, and that programs read by themselves. */
export function watchedSources(sources: readonly DatabaseSource[]): WatchedSource[] {
  const found = new Map<string, WatchedSource>();
  for (const { origin, given, valueHash } of sources) {
    if (!isWatchable(origin) || valueHash === undefined) continue;
    const { kind, variable = 'DATABASE_URL', urlFile } = origin;
    const place = kind === 'dotenv' ? origin.file : origin.name;
    const url = given ?? t`no URL`;
    const text = urlFile === undefined ? url : t`${url} (from ${urlFile})`;
    const key = keyOf({ kind, place, variable });
    const other = found.get(key);
    // Folders of a window may set one setting differently.
    const hashes = [...new Set([...(other?.hashes ?? []), valueHash])].sort();
    const texts = other === undefined || other.text === text ? text : `${other.text}, ${text}`;
    found.set(key, { kind, place, variable, hashes, text: texts });
  }
  return [...found.values()];
}

/**
 * What changed since a person last confirmed it; nothing where nothing was confirmed yet (`null`): what is first seen is no
 * change. Settings that are gone count only where settings are looked at at all.
 */
export function sourceChanges(
  confirmed: readonly ConfirmedSource[] | null,
  now: readonly WatchedSource[],
  seesSettings: boolean,
): SourceChange[] {
  if (confirmed === null) return [];
  const before = new Map(confirmed.map((each) => [keyOf(each), each]));
  const present = new Set(now.map(keyOf));
  const changes: SourceChange[] = [];
  for (const source of now) {
    const known = before.get(keyOf(source));
    if (known?.hashes.join() === source.hashes.join()) continue;
    changes.push({ source, was: known?.text ?? null, is: source.text });
  }
  for (const source of confirmed) {
    const isLooked = source.kind === 'dotenv' || seesSettings;
    if (isLooked && !present.has(keyOf(source))) changes.push({ source, was: source.text, is: null });
  }
  return changes;
}

/** What is confirmed once a person has looked at those sources as they are now: the others stay as they were. */
export function withConfirmed(
  confirmed: readonly ConfirmedSource[],
  now: readonly WatchedSource[],
  changes: readonly SourceChange[],
  confirmedAt: number,
): ConfirmedSource[] {
  const looked = new Set(changes.map(({ source }) => keyOf(source)));
  return [
    ...confirmed.filter((each) => !looked.has(keyOf(each))),
    ...now.filter((each) => looked.has(keyOf(each))).map((each) => ({ ...each, confirmedAt })),
  ];
}

/** `DATABASE_URL in /repo/.env changed since it was last confirmed: it was …, and is ….` */
export function sourceChangeText({ source, was, is }: SourceChange): string {
  const name = originText(originOf(source));
  if (was === null)
    return t`${name} is new since the sources of this folder were last confirmed: ${is ?? ''}.`;
  if (is === null) return t`${name} is gone since it was last confirmed; it was ${was}.`;
  return t`${name} changed since it was last confirmed: it was ${was}, and is ${is}.`;
}

function originOf({ kind, place, variable }: SourceChange['source']): SourceOrigin {
  return kind === 'dotenv' ? { kind, file: place, variable } : { kind, name: place, variable };
}

function isWatchable(origin: SourceOrigin): origin is Watchable {
  return origin.kind === 'dotenv' || origin.kind === 'setting';
}

/** By what a source is known from one look to the next. */
function keyOf({ kind, place, variable }: SourceChange['source']): string {
  return JSON.stringify([kind, place, variable]);
}
