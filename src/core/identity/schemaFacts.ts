import type { ReadDatabase } from '../db/databasePorts.ts';
import { quoted } from '../db/foreignKeys.ts';
import type { SchemaExpectation } from '../db/schema/autopackSchema.ts';
import { otherTelemetryTables, tablesSinceAlembic, type TolerantSchema } from '../db/tolerantSchema.ts';
import type { SchemaFacts, MigrationState } from '../model/databaseFacts.ts';
import { t } from '../text/l10n.ts';
import { counted, formatCount } from '../text/quantities.ts';

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

const versionTable = 'alembic_version';
/** Alembic keeps a row for each head, of which there are hardly ever two. */
const mostVersions = 20;

/** What Alembic, which newer versions of Autopack migrate with, has noted in a database. */
export function readMigrations(db: Pick<ReadDatabase, 'all'>, schema: TolerantSchema): MigrationState {
  if (!schema.hasTable(versionTable)) {
    const isNewer = schema.hasTable('runs') && tablesSinceAlembic.some((table) => schema.hasTable(table));
    return { state: isNewer ? 'without-migrations' : 'older-schema', versions: [] };
  }
  const column = schema.select(versionTable, ['version_num']);
  const rows = db.all(`SELECT ${column} FROM ${versionTable} ORDER BY 1 LIMIT ${mostVersions}`);
  const versions = rows
    .map(({ version_num: version }) => (typeof version === 'string' ? version.trim() : ''))
    .filter((version) => version !== '');
  return { state: versions.length === 0 ? 'no-version' : 'at-version', versions };
}

/** How many rows each of {@link otherTelemetryTables} has that is there. */
export function countOtherTelemetry(
  db: Pick<ReadDatabase, 'all'>,
  schema: TolerantSchema,
): Record<string, number> {
  const present = otherTelemetryTables.filter((table) => schema.hasTable(table));
  return Object.fromEntries(
    present.map((table) => {
      const [row] = db.all(`SELECT count(*) AS n FROM ${quoted(table)}`);
      return [table, Number(row?.n ?? 0)];
    }),
  );
}

/** Alembic's state in words; `null` for an older schema, of which there is nothing to say. */
export function migrationsText({ state, versions }: MigrationState): string | null {
  switch (state) {
    case 'older-schema':
      return null;
    case 'without-migrations':
      return t`made without migrations (no alembic_version)`;
    case 'no-version':
      return t`no version (alembic_version is empty)`;
    case 'at-version':
      return versions.length === 1
        ? t`at version ${versions.join('')}`
        : t`${versions.length} heads: ${versions.join(', ')}`;
  }
}

/** `phase6_metrics 3, sot_retrieval_events 1; 4 tables empty`; `null` without any of the tables. */
export function otherTelemetryText(counts: Readonly<Record<string, number>>): string | null {
  const entries = Object.entries(counts);
  if (entries.length === 0) return null;
  const filled = entries
    .filter(([, rows]) => rows > 0)
    .map(([table, rows]) => `${table} ${formatCount(rows)}`);
  const empty = entries.length - filled.length;
  const emptyText = empty === 0 ? [] : [t`${counted(empty, 'table')} empty`];
  return [...(filled.length === 0 ? [] : [filled.join(', ')]), ...emptyText].join('; ');
}
