import { UserFacingError } from '../core/errors.ts';
import type { ApiVerdict } from '../core/identity/apiVerdict.ts';
import type { WriteExpectation } from '../core/identity/databaseFingerprint.ts';
import { apiKeyOf } from '../node/identity/apiClient.ts';
import { askApiServer, askWithCanary } from '../node/identity/askApiServer.ts';
import type { CommandContext } from './commandContext.ts';
import { type ConsentOptions, requireConsent } from './consent.ts';

/** A server that is to be used with a database. Paths and folders are absolute. */
export interface ServerInUse {
  readonly url: string;
  readonly databasePath: string;
  readonly folders: readonly string[];
  readonly expected: WriteExpectation;
}

/**
 * Lets a server be used only if it has the selected database. Where asking does not tell, a canary run does, with
 * consent. Throws `other-server` where it has another database or it stays unknown.
 */
export async function requireSameServer(
  { url, databasePath, folders, expected }: ServerInUse,
  options: ConsentOptions,
  context: CommandContext,
): Promise<void> {
  const { reader, writer, clock, signal, cwd } = context;
  const apiKey = await apiKeyOf(context.env);
  let verdict = await askApiServer({ url, databasePath, folders, reader, apiKey }, signal);
  if (verdict.verdict === 'unknown' && verdict.isReachable && verdict.isRefusing !== true) {
    const question = `The API server ${url} does not tell which database it has (${verdict.evidence}) Put a run without phases into ${databasePath}, ask the server for it, and delete it again?`;
    await requireConsent(question, options, context);
    const place = { expected, writer, clock, workspaceFolder: cwd };
    verdict = await askWithCanary({ url, databasePath, apiKey }, place, signal);
  }
  if (verdict.verdict !== 'same') throw otherServer(url, databasePath, verdict);
}

/** Says that a server has another database than the one of that path, or does not tell. */
export function otherServer(url: string, path: string, verdictOf: ApiVerdict): UserFacingError {
  const { verdict, evidence, isRefusing } = verdictOf;
  const what = verdict === 'different' ? `does not have ${path}` : `does not tell whether it has ${path}`;
  return new UserFacingError(
    'other-server',
    `The API server ${url} ${what}: ${evidence}`,
    isRefusing === true
      ? 'Set AUTOPACK_API_KEY, or AUTOPACK_API_KEY_FILE, to the key of the server.'
      : 'Restart the server with an absolute DATABASE_URL of this database, or drain without it.',
  );
}
