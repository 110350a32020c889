import { serverAddress, rememberVerdict } from '../../core/identity/apiVerdict.ts';
import type { DatabaseFingerprint } from '../../core/identity/databaseFingerprint.ts';
import type { DatabasePin } from '../../core/identity/databasePin.ts';
import type { DatabaseSource } from '../../core/identity/databaseSource.ts';
import { drift } from '../../core/identity/drift.ts';
import { findingsOf, type Finding, type LookedInto } from '../../core/identity/findings.ts';
import type { ClockPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { autopackSource } from '../drain/planDrainOf.ts';
import { apiKeyOf } from '../identity/apiClient.ts';
import { askApiServer, type CanaryVerdicts, type ServerQuestion } from '../identity/askApiServer.ts';
import type { ConfirmedSourceFile } from '../identity/confirmedSourceFile.ts';
import type { DatabaseGuard } from '../identity/databaseGuard.ts';
import { deadDrainLock } from '../identity/drainLock.ts';
import { askGit } from '../identity/git.ts';
import { findStale } from './bulkChange.ts';
import { collectDatabaseSources, type SourcePlaces } from './collectDatabaseSources.ts';

/** What is to be looked into. Paths and folders are absolute. */
export interface DiagnosisSubject {
  readonly path: string;
  readonly folders: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** API servers to be asked. */
  readonly apiUrls: readonly string[];
  /** The key that a server is asked with, by its address; without it, the one that the environment names. */
  readonly apiKeyFor?: (address: string) => Promise<string | undefined>;
  /** Other things that name a database: see `SourcePlaces`. */
  readonly others?: SourcePlaces['others'];
  readonly dotenvFiles?: SourcePlaces['dotenvFiles'];
  /** Whether `others` holds what an editor's settings name. */
  readonly seesSettings?: boolean;
  /** Whether git may be asked about the file: not where its folder is not trusted. `true` by default. */
  readonly asksGit?: boolean;
  /** Phases without a change since then may be stale: ms since the epoch. */
  readonly staleBefore: number;
}

/** What looking needs. */
export interface DiagnosisDeps {
  readonly reader: DatabaseReader;
  readonly guard: DatabaseGuard;
  /** The verdicts of canary runs on servers. */
  readonly verdicts: CanaryVerdicts;
  /** What a person last confirmed of `.env` files and settings. */
  readonly confirmed: ConfirmedSourceFile;
  readonly clock: ClockPort;
}

/** All that was found, and the facts behind it. */
export interface Diagnosis extends LookedInto {
  readonly findings: readonly Finding[];
  readonly pin: DatabasePin | null;
}

/** Looks for everything that lets work go to the wrong database, or that wrong work left behind. Changes nothing. */
export async function diagnose(
  subject: DiagnosisSubject,
  { reader, guard, verdicts, confirmed, clock }: DiagnosisDeps,
  signal?: AbortSignal,
): Promise<Diagnosis> {
  const {
    path,
    folders,
    environment,
    apiUrls,
    others = [],
    dotenvFiles = [],
    asksGit = true,
    staleBefore,
  } = subject;
  const inspection = await guard.inspect(path, signal);
  const { apiKeyFor = () => apiKeyOf(environment) } = subject;
  const addressed = new Map(apiUrls.map((url) => [serverAddress(url), url]));
  const about = { databasePath: path, folders, fingerprint: inspection.fingerprint, apiKeyFor };
  const servers = [...addressed].map(([address, url]) =>
    serverSource({ ...about, address, url }, { reader, verdicts, clock }, signal),
  );
  const [sources, git, deadLock, stale, { value: canaries }, wantsMigrations] = await Promise.all([
    collectDatabaseSources({ folders, environment, selection: path, others, dotenvFiles }),
    asksGit ? askGit(path) : [],
    deadDrainLock(path),
    findStale(reader, path, staleBefore, signal),
    reader.request(path, 'leftCanaries', null, signal),
    migratesHere(folders, environment),
  ]);
  const compared = drift([...sources, ...(await Promise.all(servers))]);
  const { seesSettings = false } = subject;
  const { changes: sourceChanges } = await confirmed.compare({ sources, environment, seesSettings });
  const facts = {
    ...inspection,
    sourceChanges,
    drift: compared,
    git,
    deadLock,
    stale,
    canaries,
    wantsMigrations,
  };
  return { ...facts, findings: findingsOf(facts) };
}

/** A server to ask, and the database it should have. */
export interface ServerSubject extends Pick<ServerQuestion, 'url' | 'databasePath' | 'folders'> {
  /** Of the server, see `serverAddress`. */
  readonly address: string;
  readonly fingerprint: DatabaseFingerprint;
  /** See {@link DiagnosisSubject}. */
  readonly apiKeyFor: (address: string) => Promise<string | undefined>;
}

/** What a server says of the database, as a source; with what a canary run told before, where it does not say itself. */
export async function serverSource(
  { url, address, databasePath, folders, fingerprint, apiKeyFor }: ServerSubject,
  { reader, verdicts, clock }: Pick<DiagnosisDeps, 'reader' | 'verdicts' | 'clock'>,
  signal?: AbortSignal,
): Promise<DatabaseSource> {
  // A drain says why a key cannot be read; here the server says that it needs one.
  const apiKey = await apiKeyFor(address).catch(() => undefined);
  const asked = await askApiServer({ url, databasePath, folders, reader, apiKey }, signal);
  const kept = await verdicts.read();
  const { verdict, evidence, canary, isRefusing } = rememberVerdict(
    asked,
    address,
    fingerprint,
    kept,
    clock.now(),
  );
  const target = {
    kind: 'server',
    verdict,
    evidence,
    ...(isRefusing === true ? { isRefusing } : {}),
    ...(canary === undefined ? {} : { canary }),
  } as const;
  return { origin: { kind: 'api-server', url: address }, given: address, target };
}

/** Whether an Autopack of these folders migrates, and its environment does not tell it to add what is missing. */
async function migratesHere(
  folders: readonly string[],
  { AUTOPACK_DB_BOOTSTRAP: isTold }: DiagnosisSubject['environment'],
): Promise<boolean> {
  if (isTold === '1') return false;
  const sources = await Promise.all(folders.map(autopackSource));
  return sources.some(({ bootstraps }) => bootstraps);
}
