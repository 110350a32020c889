import type { TolerantSchema } from '../db/tolerantSchema.ts';
import type { SchemaFacts } from '../model/databaseFacts.ts';
import type { SchemaExpectation } from '../seed/referenceSchema.ts';

/** SHA-256 of a text in UTF-8, as lower-case hex. The core has no cryptography of its own. */
export type Sha256Hex = (text: string) => string;

/** How a schema compares with what is expected; the tables that are not expected do not count. */
export function schemaFacts(
  schema: TolerantSchema,
  expectation: SchemaExpectation,
  sha256Hex: Sha256Hex,
): SchemaFacts {
  const expected = [...expectation];
  const present = expected.filter(([table]) => schema.hasTable(table));
  return {
    fingerprint: sha256Hex(
      describe(
        schema,
        present.map(([table]) => table),
      ),
    ).slice(0, 16),
    missingTables: expected.filter(([table]) => !schema.hasTable(table)).map(([table]) => table),
    missingColumns: present.flatMap(([table, columns]) =>
      columns.filter((column) => !schema.hasColumn(table, column)).map((column) => `${table}.${column}`),
    ),
  };
}

/** `phases(id,name,...)` a line, tables and columns sorted, so that the order of creation makes no difference. */
function describe(schema: TolerantSchema, tables: readonly string[]): string {
  return tables
    .toSorted()
    .map((table) => `${table}(${schema.columnsOf(table).join(',')})`)
    .join('\n');
}
