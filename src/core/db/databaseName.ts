import { fileName, fileStem, parentFolder } from './pathParts.ts';
import { isPostgresPath, postgresLocation, plainPostgresPath, postgresTitle } from './postgresUrl.ts';

/** What a database is called in a line of text, by its path: the name of its file, or `autopack on db.example`. */
export function databaseName(path: string): string {
  return isPostgresPath(path) ? postgresTitle(path) : fileName(path);
}

/** The same as the beginning of a file's name, or as the title of a tab: nothing that separates folders, and no ending. */
export function databaseStem(path: string): string {
  if (!isPostgresPath(path)) return fileStem(path);
  const { database } = postgresLocation(path);
  return database.replaceAll(/[^\w.-]/g, '-');
}

/** `db.example:5432/autopack`: what a PostgreSQL database is for all its users. */
export function postgresAddress(path: string): string {
  return plainPostgresPath(path).replace(/^postgresql:\/\/[^@]*@/, '');
}

/** The folder of a database's file; `null` of a PostgreSQL database, which lies in none. */
export function databaseFolder(path: string): string | null {
  return isPostgresPath(path) ? null : parentFolder(path);
}
