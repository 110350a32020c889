// A file of chunks for `packChunks.mjs`.
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

/** A file of chunks that is put together, with the source maps of all of them. */
export class PackedFile {
  #outdir;
  #path;
  #sourcemap;
  #text = '';
  #lines = 0;
  #sections = [];

  /** `file` is its path in `outdir`. */
  constructor(outdir, file, sourcemap) {
    this.#outdir = outdir;
    this.#path = join(outdir, file);
    this.#sourcemap = sourcemap;
    const loader = file.includes('/') ? './load.js' : './chunks/load.js';
    this.#append(`const { add, load, __export, __toESM } = require('${loader}');\nadd({\n`);
  }

  add(name, { code, map }, isEntry) {
    // V8 compiles a function in parentheses as it comes to it, and reads any other twice: now to skip it, later to compile it.
    const [open, close] = isEntry ? ['(', ')'] : ['', ''];
    this.#append(`'${name}': ${open}function (module, exports, require, __dirname) {\n`);
    if (this.#sourcemap) {
      const section = JSON.parse(map);
      // They are told from where esbuild would have put the chunk.
      const from = isEntry ? this.#outdir : join(this.#outdir, 'chunks');
      section.sources = section.sources.map((source) => relative(dirname(this.#path), join(from, source)));
      this.#sections.push({ offset: { line: this.#lines, column: 0 }, map: section });
    }
    this.#append(`${code.trimEnd()}\n}${close},\n`);
  }

  /** Writes it so that it runs `entry` once it is loaded, if that is not `null`. */
  async write(entry, exports) {
    this.#append('});\n');
    if (entry !== null) this.#append(`module.exports = load('${entry}');\n`);
    // Never run: what `import` of CommonJS, as VS Code does, learns the names of exports from.
    if (exports.length > 0) this.#append(`0 && (module.exports = { ${exports.join(', ')} });\n`);
    if (this.#sourcemap) {
      await writeFile(
        `${this.#path}.map`,
        JSON.stringify({ version: 3, sources: [], sections: this.#sections }),
      );
      this.#append(`//# sourceMappingURL=${basename(this.#path)}.map\n`);
    }
    await writeFile(this.#path, this.#text);
  }

  #append(text) {
    this.#text += text;
    this.#lines += text.split('\n').length - 1;
  }
}
