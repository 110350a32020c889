import type { Backup } from '../node/guard/backups.ts';

/** Where the backup of a bulk change is, and how to go back to it. `databasePath` is absolute. */
export function undoText(databasePath: string, { path }: Backup): string {
  const [database, backup] = [databasePath, path].map((each) =>
    /[^\w./\\:-]/.test(each) ? `"${each}"` : each,
  );
  return `Backup: ${path}\nTo undo it: autopack-hygiene restore --database ${database} --from ${backup}`;
}
