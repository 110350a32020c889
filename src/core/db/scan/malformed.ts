import { SqlError } from '../sqlJs/sqlError.ts';

/** What is thrown where pages do not hold what they should: damage, or pages of two states. In SQLite's own words, and `where`. */
export function malformed(where?: string): SqlError {
  return new SqlError(`database disk image is malformed${where === undefined ? '' : ` (${where})`}`);
}
