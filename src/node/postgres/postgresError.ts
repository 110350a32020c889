import { postgresTitle } from '../../core/db/postgresUrl.ts';
import { ownSchemaName } from '../../core/db/schema/postgresOwnSchema.ts';
import { UserFacingError, type ErrorCode } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { maskSecrets } from '../../core/text/maskSecrets.ts';

/** What an error of the server or of the connection means, by its code (postgresql.org/docs/current/errcodes-appendix.html). */
const meanings = (): readonly (readonly [code: RegExp, as: ErrorCode, says: string, nextStep: string])[] => [
  [
    /^28/,
    'no-permission',
    t`The server does not let this user in`,
    t`Check user and password, and what the server allows in pg_hba.conf.`,
  ],
  [/^3D000/, 'not-found', t`There is no such database`, t`Check the name at the end of the URL.`],
  [
    /^42501/,
    'no-permission',
    t`This user may not do that`,
    t`Ask who runs the database for the right, or connect as another user.`,
  ],
  [
    /^25006/,
    'read-only',
    t`The database can only be read`,
    t`Connect to the primary server, or as a user who may write.`,
  ],
  [
    /^55P03|^40P01|^57014/,
    'locked',
    t`Another program holds what is needed`,
    t`Wait for it to end, then try again.`,
  ],
  [/^40001/, 'busy', t`Another program changed the same rows`, t`Try again.`],
  [
    /^53300|^57P03|^53/,
    'busy',
    t`The server has no room for another connection`,
    t`Try again when others have ended.`,
  ],
  [
    /^57P0|^25P0[34]|^08|^ECONN|^EPIPE|^ETIMEDOUT|^EHOST|^ENET/,
    'unreachable',
    t`The server cannot be reached`,
    t`See that it runs and that host and port are right, then try again.`,
  ],
  [/^ENOTFOUND|^EAI_/, 'unreachable', t`There is no such host`, t`Check the host in the URL.`],
  [
    /^42P01|^42703/,
    'unsupported',
    t`A table or column is not there`,
    t`Check that this is a database of Autopack.`,
  ],
];

/** An error of `pg` in words, with the database named; secrets are masked. What is none of the server is given back. */
export function postgresError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof UserFacingError) return error;
  if (isWithoutPassword(error)) {
    return new UserFacingError(
      'no-permission',
      t`The server requires a password, and none is known for ${postgresTitle(path)}.`,
      t`Give one: in the URL, in PGPASSWORD, in ~/.pgpass, or in the editor by "Connect to PostgreSQL…".`,
      { cause: error },
    );
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const isEnded =
    /Connection terminated|timeout expired|read timeout|Client has encountered|not queryable/i.test(
      error.message,
    );
  const found = meanings().find(([pattern]) => pattern.test(meaningCode(code, error.message, isEnded)));
  if (found === undefined && code === '' && !isTls(error)) return error;
  const message = error.message.replace(forProgrammers, '').replaceAll(/\s+/g, ' ').trim();
  const detail = maskSecrets(message || code).replace(/\.$/, '');
  if (found === undefined) {
    const says = isTls(error)
      ? t`The connection could not be encrypted as sslmode asks`
      : t`The server refused`;
    return new UserFacingError(
      'unreadable',
      t`${says}, for ${postgresTitle(path)}: ${detail}.`,
      tlsNextStep(error) ?? t`The log of the server has the details.`,
      { cause: error },
    );
  }
  const [, as, says, nextStep] = found;
  return new UserFacingError(as, t`${says}, for ${postgresTitle(path)}: ${detail}.`, nextStep, {
    cause: error,
  });
}

/** `pg` says so itself, before the server could. */
function isWithoutPassword({ message }: Error): boolean {
  return /client password must be a (?:non-empty )?string/i.test(message);
}

/** A standby refuses to begin a transaction that writes by a code that says nothing of that. */
function meaningCode(code: string, message: string, isEnded: boolean): string {
  if (code === '0A000' && message.includes('recovery')) return '25006';
  return isEnded && code === '' ? '08006' : code;
}

/** What Node advises whoever starts it. */
const forProgrammers = /; if the root CA is installed locally.*$/s;

function tlsNextStep(error: Error): string | null {
  if (!isTls(error)) return null;
  return /self.signed|issuer|unable to (?:get|verify)/i.test(error.message)
    ? t`Name the certificate of the authority that signed the server's with sslrootcert, or choose another sslmode.`
    : t`Check sslmode and the certificates.`;
}

function isTls(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /certificate|SSL|TLS|self.signed/i.test(`${code} ${error.message}`);
}

/** The five characters by which the server tells what went wrong, of its error or of one made of it; empty without. */
export function sqlStateOf(error: unknown): string {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string' && /^[0-9A-Z]{5}$/.test(each.code)) return each.code;
  }
  return '';
}

/** Whether the same transaction may well succeed when it is tried again: somebody was faster, or two waited for each other. */
export function isWorthRetrying(error: unknown): boolean {
  return ['40001', '40P01'].includes(sqlStateOf(error)) || isTakenSerial(error);
}

/** Another change was noted under the same number. */
function isTakenSerial(error: unknown): boolean {
  if (sqlStateOf(error) !== '23505') return false;
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if ('schema' in each && each.schema === ownSchemaName) return true;
  }
  return false;
}
