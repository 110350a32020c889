import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type * as z from 'zod';
import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import {
  parseApiUrl,
  serverAddress,
  judgeServer,
  canaryVerdictList,
  withVerdict,
  type ApiVerdict,
  type NamedFile,
  type CanaryVerdict,
} from '../../core/identity/apiVerdict.ts';
import { canaryPrefix, type WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { guardedWrite } from '../../core/identity/guardedWrite.ts';
import { deleteCanariesOperation, insertCanaryOperation } from '../../core/maintenance/canaryRun.ts';
import type { ClockPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { fileIdOf, realPathOf } from '../system/realPath.ts';
import { JsonFile } from '../system/jsonFile.ts';
import { sha256Hex } from '../system/systemPorts.ts';
import { ApiClient } from './apiClient.ts';
import { hygieneFolderOf, makeHygieneFolder } from '../system/hygieneFolder.ts';

/** A server to ask, and the database it should have. */
export interface ServerQuestion {
  readonly url: string;
  /** Absolute, as it was selected. */
  readonly databasePath: string;
  /** Folders whose programs may name the database by a relative URL; absolute. */
  readonly folders: readonly string[];
  readonly reader: DatabaseReader;
  /** What it is asked with, where it wants a key. */
  readonly apiKey?: string | undefined;
}

/** What a canary run is put into, with a person's consent. */
export interface CanaryPlace {
  readonly expected: WriteExpectation;
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
  /** Where what it tells is kept; absolute. */
  readonly workspaceFolder: string;
}

/** Whether a server has the selected database, as far as asking can tell. Writes nothing. Throws what the reader throws. */
export async function askApiServer(question: ServerQuestion, signal?: AbortSignal): Promise<ApiVerdict> {
  const { url, databasePath, folders, reader, apiKey } = question;
  const answers = await new ApiClient(url, apiKey).answers(signal);
  if ('unreachable' in answers) {
    const evidence = t`It could not be asked: ${answers.unreachable}.`;
    return { verdict: 'unknown', evidence, isReachable: false };
  }
  const { value: fingerprint } = await reader.request(
    databasePath,
    'databaseFingerprint',
    { runIds: [] },
    signal,
  );
  const { value: runs } = await reader.request(databasePath, 'listRuns', null, signal);
  const selected = {
    path: fingerprint.path,
    aliases: [resolve(databasePath)],
    relativePaths: folders.flatMap((folder) =>
      [databasePath, fingerprint.path].map((path) => relative(folder, path).split(sep).join('/')),
    ),
    // A run of which only phases tell has no row, and no server lists it.
    runs: runs.filter(({ state }) => state !== 'UNKNOWN'),
  };
  const canaryAnswer = await namedFile(url, answers.databasePath, fingerprint.fileId);
  return {
    ...judgeServer(selected, answers, sha256Hex, canaryAnswer),
    databaseIdentity: answers.databaseIdentity,
  };
}

/** Looks at the file that a server of this machine says it has. */
async function namedFile(url: string, path: string | null, fileId: string): Promise<NamedFile> {
  if (path === null || !isLoopback(url)) return 'unnamed';
  const found = await stat(path, { bigint: true }).catch(() => null);
  if (found === null) return 'missing';
  return fileIdOf(found) === fileId ? 'same' : 'other';
}

function isLoopback(url: string): boolean {
  const host = parseApiUrl(url)?.hostname ?? '';
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}

/**
 * Tells for certain: puts a run without phases into the database, asks the server for it, and takes it out again
 * whatever happens meanwhile. What it tells is kept. Throws what {@link guardedWrite} throws, and `CancelledError`.
 */
export async function askWithCanary(
  { url, databasePath: path, apiKey }: Pick<ServerQuestion, 'url' | 'databasePath' | 'apiKey'>,
  canaryPlace: CanaryPlace,
  signal?: AbortSignal,
): Promise<ApiVerdict> {
  const { expected, writer, clock } = canaryPlace;
  const runId = `${canaryPrefix}${randomUUID()}`;
  const place = { path, expected };
  const server = new ApiClient(url, apiKey);
  await guardedWrite(writer, place, insertCanaryOperation, { runId, now: clock.now() }, signal);
  try {
    switch (await server.hasRun(runId, signal)) {
      case true:
        await keep('same', server, { url, path }, canaryPlace, signal);
        return canaryAnswer('same', t`It found the canary run that was put into the selected database.`);
      case false:
        await keep('different', server, { url, path }, canaryPlace, signal);
        return canaryAnswer(
          'different',
          t`It does not know the canary run that is in the selected database.`,
        );
      case null:
        return canaryAnswer('unknown', t`It did not say whether it has the canary run.`);
    }
  } finally {
    // Not to be cancelled: what was put there goes again.
    await guardedWrite(writer, place, deleteCanariesOperation, { runId });
  }
}

async function keep(
  verdict: CanaryVerdict['verdict'],
  server: ApiClient,
  { url, path }: { readonly url: string; readonly path: string },
  { expected, clock, workspaceFolder }: CanaryPlace,
  signal: AbortSignal | undefined,
): Promise<void> {
  const databaseIdentity = await server.databaseIdentity(signal);
  const about = {
    url: serverAddress(url),
    databaseId: expected.id,
    path: await realPathOf(path),
    fileId: expected.fileId,
  };
  // The verdict holds whether or not it can be kept.
  await new CanaryVerdicts(workspaceFolder)
    .keep({ ...about, databaseIdentity, verdict, askedAt: clock.now() })
    .catch(() => undefined);
}

function canaryAnswer(verdict: ApiVerdict['verdict'], evidence: string): ApiVerdict {
  return { verdict, evidence, isReachable: true };
}

/** The verdicts of canary runs on servers, in one small file of the workspace folder, beside the pins. */
export class CanaryVerdicts {
  readonly #workspaceFolder: string;
  readonly #file: JsonFile<z.output<typeof canaryVerdictList>>;

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
    this.#file = new JsonFile(hygieneFolderOf(workspaceFolder), 'canaries.json', {
      schema: canaryVerdictList,
      longest: 1 << 20,
    });
  }

  /** All of them. A file that cannot be read holds none: a canary run tells again, and drains ask each time. */
  async read(): Promise<readonly CanaryVerdict[]> {
    return (await this.#file.readIfValid())?.verdicts ?? [];
  }

  /** Keeps a verdict in the place of an older one of the same server and file. */
  async keep(verdict: CanaryVerdict): Promise<void> {
    const verdicts = withVerdict(await this.read(), verdict);
    await makeHygieneFolder(this.#workspaceFolder);
    await this.#file.write({ version: 1, verdicts });
  }
}
