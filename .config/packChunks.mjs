// Puts what esbuild splits into a few files of CommonJS, which load what they need when they need it.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { transform } from 'esbuild';
import { PackedFile } from './packedFile.mjs';

/** To load a file costs as much as to skim this many bytes of another one. */
const smallBytes = 20_000;

/**
 * esbuild splits ES modules alone, and into hundreds of chunks: one for each set of entry points and `import()`s that share
 * code. VS Code and Node load CommonJS the quickest, and each file costs them a third of a millisecond, whatever is in it.
 * So each chunk becomes the body of a function, which runs when something of it is first used, and functions that the same
 * entry points need stand in one file: those that are imported apart from those that only an `import()` leads to.
 *
 * An entry point keeps its file, `dist/<name>.js`; `dist/chunks` holds the rest, and `load.js`, which finds and runs chunks.
 * `__dirname` is `dist` in all of them. `programs.json` tells which files an entry point may come to need, its own the last:
 * a browser has to fetch them beforehand.
 */
export const packChunks = {
  name: 'pack-chunks',
  setup(build) {
    const { outdir, minify, sourcemap, target } = build.initialOptions;
    build.onEnd(async ({ errors, metafile, outputFiles = [] }) => {
      if (errors.length > 0) return;
      const graph = chunkGraph(metafile);
      const files = filesOf(graph);
      const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
      const helpers = await cjsHelpers();
      // Hashes, which make up esbuild's names, are what compresses the least.
      const names = [...graph.values()].map(({ name, isEntry }, index) => [
        name,
        isEntry ? name : `${index}`,
      ]);
      const ids = new Map(names);
      const toCommonJs = async (name) => {
        const file = join(outdir, name);
        const output = { format: 'cjs', platform: 'node', target, sourcefile: file };
        const { code, map } = await transform(texts.get(name), {
          ...output,
          // `import()` becomes `require`, which is here what runs chunks.
          supported: { 'dynamic-import': false },
          sourcemap: sourcemap ? 'external' : false,
        });
        const deferred = deferImports(withoutHelpers(code, helpers)).replaceAll(
          /(?<=require\("\.\/)(?:\.\.\/|chunks\/)*([^"/]+)(?="\))/g,
          (_, name) => ids.get(name),
        );
        return { code: minify ? (await transform(deferred, { ...output, minify })).code : deferred, map };
      };
      await rm(join(outdir, 'chunks'), { recursive: true, force: true });
      await mkdir(join(outdir, 'chunks'), { recursive: true });
      for (const [file, { chunks, entry }] of files) {
        const packed = new PackedFile(outdir, file, sourcemap);
        for (const { name } of chunks) packed.add(ids.get(name), await toCommonJs(name), name === entry);
        await packed.write(entry, graph.get(entry)?.exports ?? []);
      }
      const loader = await transform(loaderOf(files, ids, helpers), { minify });
      await writeFile(join(outdir, 'chunks', 'load.js'), loader.code);
      await writeFile(join(outdir, 'chunks', 'programs.json'), JSON.stringify(programsOf(graph, files)));
    });
  },
};

/** The chunks by their names, with what they import, what they load later (by `import()`), and which files they hold. */
export function chunkGraph({ outputs }) {
  const chunks = Object.entries(outputs)
    .filter(([path]) => path.endsWith('.js'))
    .map(([path, { entryPoint, imports, inputs, bytes, exports }]) => {
      const by = (wanted) =>
        imports
          .filter(({ kind }) => kind === wanted)
          .map((each) => (each.external ? each.path : basename(each.path)));
      const name = basename(path);
      const imported = by('import-statement');
      return {
        name,
        bytes,
        // What only `import()` leads to is an entry point too for esbuild, but no file that is known by its name.
        isEntry: entryPoint !== undefined && basename(dirname(path)) !== 'chunks',
        exports,
        imported,
        later: by('dynamic-import'),
        holds: [...Object.keys(inputs), ...imported],
      };
    });
  return new Map(chunks.map((chunk) => [chunk.name, chunk]));
}

/** The chunks that `name` imports, and those they import, itself first; what is no chunk is left out. */
function neededAtOnce(graph, name, found = new Set()) {
  const chunk = graph.get(name);
  if (chunk === undefined || found.has(name)) return found;
  found.add(name);
  for (const each of chunk.imported) neededAtOnce(graph, each, found);
  return found;
}

/** The chunks that `name` may come to load by itself, first of all itself: not those that another entry point brings. */
export function neededEver(graph, name, found = new Set()) {
  const reached = [...neededAtOnce(graph, name)].filter((each) => !found.has(each));
  for (const each of reached) found.add(each);
  for (const each of reached) {
    for (const later of graph.get(each).later)
      if (graph.get(later)?.isEntry === false) neededEver(graph, later, found);
  }
  return found;
}

/** Whether an entry point is one of the web build. */
export function isOfWeb(entry) {
  return entry.startsWith('web');
}

/** Which chunks stand in which file: a map of paths in `dist` to them, and to the entry point that the file is of, if any. */
function filesOf(graph) {
  const entries = [...graph.values()].filter(({ isEntry }) => isEntry).map(({ name }) => name);
  const usersBy = (needed) => {
    const sets = entries.map((entry) => [entry, needed(graph, entry)]);
    return (chunk) => sets.filter(([, set]) => set.has(chunk)).map(([entry]) => entry);
  };
  const usersAtOnce = usersBy(neededAtOnce);
  const usersEver = usersBy(neededEver);
  const files = new Map(entries.map((entry) => [entry, { entry, chunks: [] }]));
  const groups = new Map();
  for (const { name, bytes } of graph.values()) {
    const ever = usersEver(name);
    // Where Node shares with the web build, its own start decides: it is the more frequent, and loads file after file.
    const inNode = ever.filter((entry) => !isOfWeb(entry));
    const atOnce = usersAtOnce(name).filter((entry) => inNode.length === 0 || inNode.includes(entry));
    const isNeededAtOnce = atOnce.length > 0;
    const chunk = { name, isNeededAtOnce };
    // To load the file of an entry point is to run it: what others may come to need does not stand in it.
    if (isNeededAtOnce && ever.length === 1) {
      files.get(ever[0]).chunks.push(chunk);
      continue;
    }
    const users = isNeededAtOnce ? atOnce : ever;
    const key = [isNeededAtOnce, inNode.length === 1, ...users].join();
    const group = groups.get(key) ?? { isNeededAtOnce, users, bytes: 0, chunks: [] };
    groups.set(key, group);
    group.bytes += bytes;
    group.chunks.push(chunk);
  }
  for (const { isNeededAtOnce, users, chunks } of joinSmall([...groups.values()])) {
    // What one entry point alone comes to need is known by its name, so that a package can leave it out.
    const isOfOne = !isNeededAtOnce && users.length === 1;
    files.set(`chunks/${isOfOne ? users[0] : `${files.size}.js`}`, { entry: null, chunks });
  }
  return files;
}

/** The files that each entry point may come to need, by the names of entry points; its own is the last. */
function programsOf(graph, files) {
  const placeOf = new Map([...files].flatMap(([file, { chunks }]) => chunks.map(({ name }) => [name, file])));
  const entries = [...files.values()].flatMap(({ entry }) => entry ?? []);
  const filesOfEntry = (entry) => {
    const others = new Set([...neededEver(graph, entry)].map((chunk) => placeOf.get(chunk)));
    others.delete(entry);
    return [...others, entry];
  };
  return Object.fromEntries(entries.map((entry) => [entry, filesOfEntry(entry)]));
}

/** Lets the chunks of a file that is hardly worth loading join those of one that all of its users load as well. */
function joinSmall(groups) {
  const bySize = groups.toSorted((a, b) => a.bytes - b.bytes);
  return bySize.filter((group, index) => {
    if (group.bytes > smallBytes) return true;
    const [host] = bySize
      .slice(index + 1)
      .filter(({ isNeededAtOnce }) => isNeededAtOnce || !group.isNeededAtOnce)
      .filter(({ users }) => group.users.every((user) => users.includes(user)))
      .sort((a, b) => a.users.length - b.users.length);
    host?.chunks.push(...group.chunks);
    if (host !== undefined) host.bytes += group.bytes;
    return host === undefined;
  });
}

/** What esbuild puts before whatever it makes CommonJS of. */
async function cjsHelpers() {
  const { code } = await transform("import a from 'a'; export const b = a;", { format: 'cjs' });
  return helpersOf(code);
}

/** The lines of a text of CommonJS up to its exports. */
function helpersOf(code) {
  return /^(?:.*\n)*var __toCommonJS = .*\n/.exec(code)?.[0] ?? '';
}

/** Takes out of a chunk what `load.js` has for all of them: it would be a quarter of all code. */
function withoutHelpers(code, helpers) {
  const own = helpersOf(code);
  // Parameters are numbered where the chunk has such a name itself.
  const linesOf = (text) => text.replaceAll(/\b([a-z]+)\d+\b/g, '$1').split('\n');
  const known = new Set(linesOf(helpers));
  const unknown = linesOf(own).find((line) => !known.has(line));
  if (unknown !== undefined) throw new Error(`A chunk has a helper that load.js has not: ${unknown}`);
  const exporting =
    /^var (\w+) = \{\};\n__export\(\1, (\{[^]*?\n\})\);\nmodule\.exports = __toCommonJS\(\1\);$/m;
  return own.replaceAll(/.+/g, '') + code.slice(own.length).replace(exporting, '\n__export(exports, $2);\n');
}

/**
 * Lets a chunk run those that it imports when it first uses something of them, not before it runs itself. No chunk of ours
 * does anything by being run, so that it makes no difference but in time: zod, for instance, is loaded for the first schema.
 * What is used once is kept in a variable, for hot loops call across chunks too; no export is ever assigned anew.
 */
function deferImports(code) {
  const imported = /^var (import_\w+) = ((?:__toESM\()?require\("\.[^"]+"\)\)?);$/gm;
  const names = [...code.matchAll(imported)].map(([, name]) => name);
  if (names.length === 0) return code;
  const kept = new Set();
  const ofThem = `\\b(${names.join('|')})`;
  const body = code.replaceAll(new RegExp(`${ofThem}\\.([\\w$]+)`, 'g'), (_, name, member) => {
    const variable = `${name}$${member}`;
    kept.add(variable);
    return `(${variable} ??= ${name}().${member})`;
  });
  const whole = new RegExp(`(?<!var )${ofThem}(?!\\(\\)|[$])`).exec(body);
  if (whole !== null) throw new Error(`A chunk uses ${whole[1]} as a whole, which cannot be deferred.`);
  // On the first line, for the others have their places in the source map.
  const variables = kept.size === 0 ? '' : `let ${[...kept].join(', ')}; `;
  return variables + body.replaceAll(imported, 'const $1 = () => $2;');
}

/** The text of `load.js`: finds the function of a chunk by its id, and runs it once. */
function loaderOf(files, ids, helpers) {
  const places = [...files].flatMap(([file, { chunks }]) =>
    chunks.map(({ name }) => [ids.get(name), `../${file}`]),
  );
  return `'use strict';
const dist = __dirname.replace(/[\\\\/][^\\\\/]*$/, '');
const files = ${JSON.stringify(Object.fromEntries(places))};
const functions = {};
const modules = new Map();
${helpers}Object.assign(exports, { __export, __toESM });
exports.add = (more) => void Object.assign(functions, more);
exports.load = load;
function load(id) {
  if (!(id in functions)) require(files[id]);
  // Whose file that is has run by now, if it is an entry point.
  if (!modules.has(id)) {
    const module = { exports: __toCommonJS({}) };
    functions[id](module, module.exports, requireFromChunk, dist);
    modules.set(id, module);
  }
  return modules.get(id).exports;
}
function requireFromChunk(name) {
  return name.startsWith('./') ? load(name.slice(2)) : require(name);
}
`;
}
