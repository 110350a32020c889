import {
  isPostgresUrl,
  parsePostgresUrl,
  type PostgresDefaults,
  type PostgresLocation,
} from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import { decodePercent } from '../../core/text/decodeText.ts';
import { t } from '../../core/text/l10n.ts';

/** What stands in the place of a password. */
const mask = '***';
/** A URL up to its password, and the password: all before the last @, however many it holds. A port is none. */
const inAuthority = /^(\s*[a-z]+(?:\+\w+)?:\/\/[^\s/?#:@]*:)(?!\d{1,5}(?:[/?#]|$))(.*)(@[^@]*)$/is;
const inParameter = /^(.*[?&]password=)([^&#\s]+)(.*)$/is;

/** A URL as it is shown while it is typed, and the password that was in it. */
export interface MaskedUrl {
  readonly shown: string;
  /** `null` where the URL has none. */
  readonly password: string | null;
}

/**
 * Takes the password out of a URL that is being typed or was pasted, and leaves a mask in its place; `kept` is the one that
 * the mask stands for which is there already, to which may be added.
 */
export function maskPassword(text: string, kept: string | null): MaskedUrl {
  const match = inAuthority.exec(text) ?? inParameter.exec(text);
  if (match === null) return { shown: text, password: null };
  const [, before = '', password = '', after = ''] = match;
  if (password === '') return { shown: text, password: null };
  const whole = password.startsWith(mask)
    ? (kept ?? '') + decodePercent(password.slice(mask.length))
    : decodePercent(password);
  return { shown: `${before}${mask}${after}`, password: whole === '' ? null : whole };
}

/** The database that a masked URL names. Throws `invalid-url`. */
export function locationOf(
  { shown }: Pick<MaskedUrl, 'shown'>,
  defaults: PostgresDefaults,
): PostgresLocation {
  if (!isPostgresUrl(shown)) {
    throw new UserFacingError(
      'invalid-url',
      t`This is not the URL of a PostgreSQL database.`,
      t`It begins with postgresql:// or, as SQLAlchemy has it, postgresql+psycopg2://.`,
    );
  }
  return parsePostgresUrl(shown, defaults).location;
}

/** What a URL comes to, while it is typed: database, user, and what happens to its password. */
export function urlRemark({ shown, password }: MaskedUrl, location: PostgresLocation): string {
  const { database, host, port, user, driver, parameters } = location;
  const [scheme = ''] = shown.trim().toLowerCase().split(':', 1);
  return [
    t`Database ${database} on ${host}, port ${port}, as ${user}`,
    ...(parameters.sslmode === undefined ? [] : [`sslmode ${parameters.sslmode}`]),
    ...(driver === null && scheme !== 'postgres' ? [] : [t`${scheme}:// is the same as postgresql://`]),
    ...(password === null ? [] : [t`the password goes to VS Code's secret storage`]),
  ].join(' · ');
}
