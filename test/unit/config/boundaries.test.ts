import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ESLint } from 'eslint';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { boundaries } from '../../../.config/boundaries.mjs';

const root = join(import.meta.dirname, '..', '..', '..');

/** Lints the way the project does, by the import boundaries alone. */
const linter = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      languageOptions: { parser: tseslint.parser },
      plugins: { 'import-x': importX },
      rules: { 'import-x/no-restricted-paths': ['error', { basePath: root, zones: boundaries }] },
      settings: { 'import-x/resolver': { node: { extensions: ['.ts'] } } },
    },
  ],
});

/** Some source file of a folder, outside what is excepted; absolute. */
function fileIn(folder: string, except: readonly string[] = []): string {
  const excepted = except.map((name) => join(folder, name));
  const find = (path: string): string | undefined => {
    if (excepted.includes(path)) return undefined;
    if (!statSync(path).isDirectory())
      return path.endsWith('.ts') && !path.endsWith('.d.ts') ? path : undefined;
    for (const name of readdirSync(path).sort()) {
      const found = find(join(path, name));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const found = find(folder);
  assert.ok(found, `${folder} has a source file`);
  return found;
}

describe('the import boundaries', () => {
  for (const { target, from, except } of boundaries) {
    it(`keep ${target} from importing ${from}${except === undefined ? '' : ', but for what is excepted'}`, async () => {
      const importer = fileIn(join(root, target));
      const imported = fileIn(join(root, from), except);
      const specifier = relative(join(importer, '..'), imported).replaceAll('\\', '/');
      const code = `import '${specifier.startsWith('.') ? specifier : `./${specifier}`}';\n`;
      const [result] = await linter.lintText(code, { filePath: importer });
      assert.deepEqual(
        result?.messages.map(({ ruleId }) => ruleId),
        ['import-x/no-restricted-paths'],
      );
    });
  }
});
