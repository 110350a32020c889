import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const source = join(import.meta.dirname, '../../../../src');
/** What reads or writes whole files by name: it follows links, waits for pipes, and knows no limit. */
const unbounded =
  /\b(?:readFile|readFileSync|createReadStream|writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|copyFile|copyFileSync|cp|cpSync|truncate|truncateSync|openAsBlob)\b/;
const opening = /\b(?:open|openSync|opendir)\b/;
/** Who may, and why. */
const allowed: Readonly<Record<string, string>> = {
  'node/telemetry/calibrationFiles.ts': 'makes a file exclusively',
  'node/identity/drainLock.ts': 'writes into a draft of its own',
  'node/drain/startDrainHost.ts': 'makes a file exclusively, in a folder of its own',
  'node/maintenance/copyUnderLock.ts': 'empties a draft of its own',
  'node/reader/databaseReader.ts': 'reads what is installed with it',
  'node/system/translations.ts': 'reads what is installed with it',
};
/** Who opens files by descriptor. */
const openers: readonly string[] = [
  'node/builders/openedFolder.ts',
  'node/builders/restoreDeliverables.ts',
  'node/identity/databaseUrlSources.ts',
  'node/maintenance/commitWatch.ts',
  'node/maintenance/copyUnderLock.ts',
  'node/postgres/replicaStore.ts',
  'node/reader/nodeFiles.ts',
  'node/system/regularFile.ts',
  'node/system/replaceFile.ts',
  'node/telemetry/writeExport.ts',
  'node/watch/findDatabases.ts',
  'node/writer/placeNewFile.ts',
];

describe('Access to files in the source', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const importsOf = (name: string): string => {
    const text = readFileSync(join(source, name), 'utf8');
    return [...text.matchAll(/import (?:type )?\{([^}]*)\} from 'node:fs(?:\/promises)?'/g)]
      .map(([, names]) => names)
      .join();
  };

  it('goes through the modules that bound it', () => {
    const offenders = files.filter(
      (name) => unbounded.test(importsOf(name)) && !(name.replaceAll('\\', '/') in allowed),
    );
    assert.deepEqual(offenders, []);
  });

  it('opens files where that cannot block', () => {
    const offenders = files.filter(
      (name) => opening.test(importsOf(name)) && !openers.includes(name.replaceAll('\\', '/')),
    );
    assert.deepEqual(offenders, []);
  });

  it('is imported by name, so that the above sees it', () => {
    const whole = files.filter((name) =>
      /(?:import \* as \w+|import \w+) from 'node:fs|require\('node:fs|import\('node:fs/.test(
        readFileSync(join(source, name), 'utf8'),
      ),
    );
    assert.deepEqual(whole, []);
  });
});
