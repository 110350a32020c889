import { t } from '../text/l10n.ts';

/** What would make a source agree with the selection; carried out by whoever shows it. Paths are absolute. */
export type Fix =
  /** Write `DATABASE_URL=<databaseUrl>` into that `.env`. */
  | { readonly kind: 'write-dotenv'; readonly file: string; readonly databaseUrl: string }
  /** The setting is of others: whoever works with them knows where it is set, and for whom. */
  | {
      readonly kind: 'open-setting';
      readonly name: string;
      readonly variable: string;
      /** What the variable may be set to; `null` where it is only to go. */
      readonly databaseUrl: string | null;
    }
  /** Make comments of the lines of that `.env` which set the variable. */
  | { readonly kind: 'comment-out'; readonly file: string; readonly variable: string }
  /** Only who starts the program can change its environment. */
  | { readonly kind: 'unset'; readonly variable: string }
  /** Only who starts the program can change its environment. */
  | { readonly kind: 'restart-with'; readonly databaseUrl: string }
  | { readonly kind: 'new-terminal' }
  | { readonly kind: 'restart-server'; readonly url: string; readonly databaseUrl: string }
  /** The server wants an API key, which the environment of this program can name. */
  | { readonly kind: 'set-api-key'; readonly url: string }
  /** A canary run tells for certain which database the server has. */
  | { readonly kind: 'ask-with-canary'; readonly url: string }
  /** Or the other way round: work on what the source names. */
  | { readonly kind: 'select'; readonly path: string }
  | { readonly kind: 'restore-backup' }
  | { readonly kind: 'select-another' };

/** A fix as an instruction, one sentence. */
export function fixText(fix: Fix): string {
  switch (fix.kind) {
    case 'write-dotenv':
      return t`Write DATABASE_URL=${fix.databaseUrl} into ${fix.file}.`;
    case 'open-setting':
      return fix.databaseUrl === null
        ? t`Open the setting ${fix.name}, and take ${fix.variable} out of it.`
        : t`Open the setting ${fix.name}, and take ${fix.variable} out of it or set it to ${fix.databaseUrl}.`;
    case 'comment-out':
      return t`Turn ${fix.variable} in ${fix.file} into a comment.`;
    case 'unset':
      return t`Unset ${fix.variable} where the program is started.`;
    case 'restart-with':
      return t`Set DATABASE_URL=${fix.databaseUrl} where the program is started.`;
    case 'new-terminal':
      return t`Close the terminals that are open, and open new ones.`;
    case 'restart-server':
      return t`Restart the server at ${fix.url} with DATABASE_URL=${fix.databaseUrl}.`;
    case 'set-api-key':
      return t`Set AUTOPACK_API_KEY, or AUTOPACK_API_KEY_FILE, to the API key of ${fix.url}.`;
    case 'ask-with-canary':
      return t`Ask ${fix.url} with a canary run to be certain.`;
    case 'select':
      return t`Select ${fix.path}.`;
    case 'restore-backup':
      return t`Restore a backup.`;
    case 'select-another':
      return t`Select another database.`;
  }
}
