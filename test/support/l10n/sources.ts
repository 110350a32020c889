import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../../host/projectPaths.ts';

/** Sources of ours below a folder (relative, with forward slashes), parsed, by their paths in the same form. */
export function parsedSources(folder: string): ReadonlyMap<string, ts.SourceFile> {
  const paths = globSync(`${folder}/**/*.ts`, { cwd: projectRoot, exclude: ['**/*.d.ts'] });
  return new Map(
    paths
      .map((path) => path.split(sep).join('/'))
      .toSorted()
      .map((path) => [
        path,
        ts.createSourceFile(
          path,
          readFileSync(join(projectRoot, path), 'utf8'),
          ts.ScriptTarget.Latest,
          true,
        ),
      ]),
  );
}
