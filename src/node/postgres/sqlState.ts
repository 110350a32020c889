import { ownSchemaName } from '../../core/db/schema/postgresOwnSchema.ts';

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
