import * as z from 'zod';
import { formatDatabaseUrl } from '../db/databaseUrl.ts';
import { epochMs } from '../model/timestamp.ts';
import { t } from '../text/l10n.ts';
import { maskSecrets } from '../text/maskSecrets.ts';
import type { FingerprintRun, DatabaseFingerprint } from './databaseFingerprint.ts';
import type { Sha256Hex } from './schemaFacts.ts';

/** Whether an API server works on the selected database, and how that is known. */
export interface ApiVerdict {
  readonly verdict: 'same' | 'different' | 'unknown';
  /** Sentences a person can check, the decisive one first. */
  readonly evidence: string;
  /** Whether it answered at all, so that a canary run could tell more. */
  readonly isReachable: boolean;
  /** It refuses to answer without an API key, or with the one it was given: a canary run could not tell more. */
  readonly isRefusing?: boolean;
  /** What it says of its database (see `ServerAnswers`); absent where it was not asked. */
  readonly databaseIdentity?: string | null;
  /** Set where a canary run decided: when it was put in, ms since the epoch, and how long ago in words. */
  readonly canary?: { readonly askedAt: number; readonly age: string };
}

/** What a server said about its database. */
export interface ServerAnswers {
  /** First 12 hex digits of the SHA-256 of its raw `DATABASE_URL`; `null` if it does not say. */
  readonly databaseIdentity: string | null;
  /** The file it says it has, absolute; `null` if it does not say, as most do. */
  readonly databasePath: string | null;
  /** The status with which it refused to tell its runs: 401 or 403; `null` where it did not. */
  readonly refusal: number | null;
  /** Its runs, as many as it tells; `null` if it does not. */
  readonly runs: readonly FingerprintRun[] | null;
  /** Whether those may not be all it has. */
  readonly isCapped: boolean;
}

/** The selected database as it is to be compared. */
export interface SelectedForServer {
  /** Absolute and real. */
  readonly path: string;
  /** Other absolute paths that lead to the same file. */
  readonly aliases: readonly string[];
  /** Relative forms under which programs of the workspace may name it, such as `seed.db`. */
  readonly relativePaths: readonly string[];
  /** All its runs. */
  readonly runs: readonly FingerprintRun[];
}

/**
 * How the file that a server says it has compares with the selected one, as this machine sees it: `missing` where there is
 * no such file here, `unnamed` where it names none or it may mean a file of another machine.
 */
export type NamedFile = 'same' | 'other' | 'missing' | 'unnamed';

/** How a server's own hash of its URL compares with the URLs that name the selected file. */
export type UrlMatch = 'absolute' | 'relative' | 'none' | 'unnamed';

/**
 * Judges a server by its answers. A run that only one side has means another database. Evidence for the same one is
 * an absolute URL together with equal runs. A relative URL means whatever folder the server was started in, and equal
 * runs alone are what a copy has: both leave it unknown. A file that it names itself, and that was looked at, decides.
 */
export function judgeServer(
  selected: SelectedForServer,
  answers: ServerAnswers,
  sha256Hex: Sha256Hex,
  named: NamedFile = 'unnamed',
): ApiVerdict {
  const match = matchUrl(selected, answers.databaseIdentity, sha256Hex);
  const difference =
    answers.runs === null ? null : runDifference(selected.runs, answers.runs, answers.isCapped);
  if (difference !== null)
    return { verdict: 'different', evidence: `${difference} ${urlWords()[match]}`, isReachable: true };
  const { databasePath, refusal } = answers;
  if (named === 'other') {
    const evidence = t`It says that it has ${databasePath ?? ''}, which is another file.`;
    return { verdict: 'different', evidence, isReachable: true };
  }
  if (refusal !== null && named !== 'same') {
    const evidence = `${refusalText(refusal)} ${urlWords()[match]}`;
    return { verdict: 'unknown', evidence, isReachable: true, isRefusing: true };
  }
  const runs =
    answers.runs === null
      ? t`It does not report its runs.`
      : t`Its runs are the same (${answers.runs.length}), as those of a copy would be.`;
  if (named === 'same') {
    const evidence = t`It says that it has ${databasePath ?? ''}, which is the selected file. ${runs}`;
    return { verdict: 'same', evidence, isReachable: true };
  }
  const verdict = match === 'absolute' && answers.runs !== null ? 'same' : 'unknown';
  const elsewhere =
    named === 'missing' ? t`It says that it has ${databasePath ?? ''}, which is not on this machine.` : '';
  return {
    verdict,
    evidence: [elsewhere, urlWords()[match], runs].filter((part) => part !== '').join(' '),
    isReachable: true,
  };
}

/** What is missing where a server refuses to answer. */
function refusalText(status: number): string {
  return t`It refuses to answer (HTTP ${status}): its API key is missing or wrong.`;
}

const urlWords = (): Readonly<Record<UrlMatch, string>> => ({
  absolute: t`Its DATABASE_URL is an absolute one of the selected file.`,
  relative: t`Its DATABASE_URL is relative, and means another file in another folder.`,
  none: t`Its DATABASE_URL matches no known URL of the selected file.`,
  unnamed: t`It does not report its database_identity.`,
});

function matchUrl(
  { path, aliases, relativePaths }: SelectedForServer,
  identity: string | null,
  sha256Hex: Sha256Hex,
): UrlMatch {
  if (identity === null) return 'unnamed';
  const isOf = (url: string): boolean => sha256Hex(url).slice(0, 12) === identity.toLowerCase();
  if ([path, ...aliases].flatMap(absoluteUrls).some(isOf)) return 'absolute';
  return relativePaths.flatMap(relativeUrls).some(isOf) ? 'relative' : 'none';
}

const drivers = ['sqlite', 'sqlite+pysqlite', 'sqlite+aiosqlite'];

function absoluteUrls(path: string): string[] {
  const url = formatDatabaseUrl(path);
  return drivers.map((driver) => url.replace(/^sqlite/, driver));
}

function relativeUrls(path: string): string[] {
  return drivers.flatMap((driver) => [`${driver}:///${path}`, `${driver}:///./${path}`]);
}

function runDifference(
  ours: readonly FingerprintRun[],
  theirs: readonly FingerprintRun[],
  isCapped: boolean,
): string | null {
  const own = new Map(ours.map(({ id, createdAt }) => [id, createdAt]));
  const strange = theirs.find(({ id }) => !own.has(id));
  if (strange !== undefined) return t`It has the run ${strange.id}, which the selected database has not.`;
  const older = theirs.find(
    ({ id, createdAt }) => createdAt !== null && (own.get(id) ?? createdAt) !== createdAt,
  );
  if (older !== undefined) return t`Its run ${older.id} was created at another time.`;
  const listed = new Set(theirs.map(({ id }) => id));
  const lacking = isCapped ? undefined : ours.find(({ id }) => !listed.has(id));
  return lacking === undefined ? null : t`It lacks the run ${lacking.id}.`;
}

/** What a canary run showed for certain of a server, and of which database. Times are ms since the epoch. */
export const canaryVerdict = z.object({
  /** The address of the server; earlier versions kept its URL as it was given. */
  url: z.string().transform(serverAddress),
  /** Of the database that was asked about. */
  databaseId: z.string(),
  /** Absolute and real. */
  path: z.string(),
  /** `device:inode`. */
  fileId: z.string(),
  /** What the server's health said of its database then; `null` if it said nothing. */
  databaseIdentity: z.string().nullable(),
  verdict: z.enum(['same', 'different']),
  askedAt: epochMs,
});

/** See {@link canaryVerdict}. */
export type CanaryVerdict = Readonly<z.output<typeof canaryVerdict>>;

/** The verdicts of a workspace folder, as they are kept. */
export const canaryVerdictList = z.object({ version: z.literal(1), verdicts: z.array(canaryVerdict) });

/** The verdicts with a new one in the place of that of the same server and file. */
export function withVerdict(verdicts: readonly CanaryVerdict[], verdict: CanaryVerdict): CanaryVerdict[] {
  return [...verdicts.filter(({ url, path }) => url !== verdict.url || path !== verdict.path), verdict];
}

/**
 * Uses the verdict of an earlier canary run where asking gives none, if it is still the same database in the same
 * file, and the server's own answers are unchanged. A verdict from asking always takes precedence. `address` is as
 * `serverAddress` gives it; `now` is ms since the epoch.
 */
export function rememberVerdict(
  asked: ApiVerdict,
  address: string,
  fingerprint: Pick<DatabaseFingerprint, 'id' | 'path' | 'fileId'>,
  verdicts: readonly CanaryVerdict[],
  now: number,
): ApiVerdict {
  if (asked.verdict !== 'unknown' || !asked.isReachable) return asked;
  const kept = verdicts.find(
    (each) =>
      each.url === address &&
      each.path === fingerprint.path &&
      each.fileId === fingerprint.fileId &&
      each.databaseId === fingerprint.id &&
      each.databaseIdentity === (asked.databaseIdentity ?? null),
  );
  if (kept === undefined) return asked;
  const { verdict, askedAt } = kept;
  const age = ageText(now - askedAt);
  const evidence =
    verdict === 'same'
      ? t`It found a canary run ${age}, and nothing suggests a change since.`
      : t`It did not know a canary run ${age}, and nothing suggests a change since.`;
  return { ...asked, verdict, evidence, canary: { askedAt, age } };
}

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago`, from ms. */
export function ageText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return t`just now`;
  if (minutes < 60) return t`${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t`${hours} h ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? t`${days} day ago` : t`${days} days ago`;
}

/** The URL of an API server, parsed; `null` where it is none of http or https. */
export function parseApiUrl(url: string): URL | null {
  const text = url.trim();
  const parsed = URL.canParse(text) ? new URL(text) : null;
  return parsed !== null && /^https?:$/.test(parsed.protocol) ? parsed : null;
}

/** Where the routes of an API server begin, without a slash at the end. */
export function baseOf({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/(?<!\/)\/+$/, '')}`;
}

/**
 * By what an API server is known, shown and remembered, such as `http://127.0.0.1:8000`: its URL in one spelling, without
 * user, password and whatever else is secret in it. They say who asks, not who answers.
 */
export function serverAddress(url: string): string {
  const parsed = parseApiUrl(url);
  if (parsed === null) return maskSecrets(url.trim());
  const query = parsed.search
    .slice(1)
    .split('&')
    .filter((parameter) => parameter !== '' && maskSecrets(`?${parameter}`) === `?${parameter}`)
    .join('&');
  return `${baseOf(parsed)}${query === '' ? '' : `?${query}`}`;
}
