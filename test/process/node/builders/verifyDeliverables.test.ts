import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Verification } from '../../../../src/core/builders/builderPorts.ts';
import { keylessEnvironment, runBounded } from '../../../../src/node/builders/boundedChild.ts';
import { DeliverableVerifier } from '../../../../src/node/builders/verifyDeliverables.ts';
import { processMark } from '../../../../src/node/system/processMark.ts';
import { phaseBrief } from '../../../support/phaseBrief.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { skipBecause } from '../../../support/skipBecause.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const never = new AbortController().signal;

/** Polls, as nothing tells when another process is gone. */
async function waitUntil(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!isSo()) {
    assert.ok(Date.now() < end);
    await wait(20);
  }
}

const hasPython = spawnSync('python3', ['--version']).status === 0;
const hasPytest = hasPython && spawnSync('python3', ['-m', 'pytest', '--version']).status === 0;

describe('The check of deliverables', () => {
  const folder = temporaryFolder();
  const verifier = (mayRunTests = false): DeliverableVerifier =>
    new DeliverableVerifier({ workspaceFolder: folder(), mayRunTests });
  const parse = (path: string, content: string): Promise<Verification> =>
    verifier().parse([{ path, content }], never);

  const good: readonly (readonly [path: string, content: string])[] = [
    ['a.py', '\uFEFFx: int = 1\nmatch x:\n    case 1: pass\n'],
    ['a.pyi', 'def f() -> int: ...\n'],
    ['a.js', 'import x from "./x.js";\nexport const y = await x;\n'],
    ['b.js', '#!/usr/bin/env node\nconst x = require("x");\nreturn;\n'],
    ['a.mjs', 'export {};\n'],
    ['a.cjs', 'module.exports = 1;\n'],
    ['a.ts', 'export enum A { x }\nexport const a: number = 1;\nnamespace N { export const x = 1 }\n'],
    ['a.json', '{"a": [1]}\n'],
    ['tsconfig.build.json', '{ // why\n"a": [1,],\n}\n'],
    ['a.jsonl', '{"a":1}\n\n[2]\n'],
    ['a.yaml', 'a: &x [1]\nb: *x\n---\nc: !Ref d\n'],
    ['a.toml', '[a]\nb = 1979-05-27\n'],
    ['a.txt', 'anything\n'],
  ];
  for (const [path, content] of good) {
    it(`takes ${path}`, async function () {
      if (path.includes('.py') && !hasPython) skipBecause(this, 'no Python here');
      assert.deepEqual(await parse(path, content), { problems: [], notChecked: [] });
    });
  }

  const bad: readonly (readonly [path: string, content: string, problem: RegExp])[] = [
    ['a.py', 'x = 1\ndef f(:\n', /^a\.py does not parse: line 2: .+\.$/],
    ['deep.py', `x = ${'('.repeat(100_000)}\n`, /^deep\.py does not parse/],
    ['a.js', 'const x = ;\n', /^a\.js does not parse: .*Unexpected token/],
    ['a.mjs', 'return;\n', /^a\.mjs does not parse/],
    ['a.cjs', 'import x from "x";\n', /^a\.cjs does not parse/],
    ['a.ts', 'const a: = 1;\n', /^a\.ts does not parse/],
    ['a.json', '{"a": 1,}\n', /^a\.json does not parse/],
    ['deep.json', '['.repeat(500_000), /^deep\.json does not parse/],
    ['tsconfig.json', '{ "a": }\n', /^tsconfig\.json does not parse/],
    ['a.jsonl', '{"a":1}\n{\n', /^a\.jsonl does not parse: line 2/],
    ['a.yml', 'a: [1\nb: }\n', /^a\.yml does not parse/],
    ['a.toml', 'a = \n', /^a\.toml does not parse/],
  ];
  for (const [path, content, problem] of bad) {
    it(`finds what is wrong with ${path}`, async function () {
      if (path.includes('.py') && !hasPython) skipBecause(this, 'no Python here');
      const { problems } = await parse(path, content);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', problem);
    });
  }

  it('says what it has no parser for', async () => {
    assert.deepEqual(await parse('a.css', 'x'), {
      problems: [],
      notChecked: ['a.css was not checked: nothing here parses .css.'],
    });
    assert.deepEqual((await parse('a.json', ' '.repeat(2 << 20))).notChecked, [
      'a.json was not checked: it is too large.',
    ]);
    assert.deepEqual((await parse('a.tsx', '<a/>')).notChecked, [
      'a.tsx was not checked: nothing here parses .tsx.',
    ]);
  });

  it('runs nothing of what it parses, and nothing of the workspace', async function () {
    if (!hasPython) skipBecause(this, 'no Python here');
    const mark = join(folder(), 'mark');
    await writeFile(join(folder(), 'ast.py'), `open(${JSON.stringify(mark)}, "w")\n`);
    await writeFile(join(folder(), 'sitecustomize.py'), `open(${JSON.stringify(mark)}, "w")\n`);
    await verifier().parse(
      [
        { path: 'a.py', content: `open(${JSON.stringify(mark)}, "w")\n` },
        { path: 'a.js', content: `require('fs').writeFileSync(${JSON.stringify(mark)}, '')\n` },
        { path: 'a.mjs', content: `import fs from 'fs';\nfs.writeFileSync(${JSON.stringify(mark)}, '')\n` },
      ],
      never,
    );
    assert.ok(!existsSync(mark));
  });

  it('starts parsers ahead, keeps each for the next phase, and ends it when no phase comes', async function () {
    if (!hasPython || process.platform !== 'linux')
      skipBecause(this, 'no Python, or no processes to be listed here');
    const children = (): string[] =>
      readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
        .split(' ')
        .filter((pid) => pid.trim() !== '');
    // Of other tests, whose parsers end by and by.
    const before = new Set(children());
    const parsers = (): string[] => children().filter((pid) => !before.has(pid));
    const ahead = new DeliverableVerifier({
      workspaceFolder: folder(),
      mayRunTests: false,
      parsersKeptMs: 200,
    });
    const release = ahead.prepare(phaseBrief({ deliverables: ['a.py', 'b.py', 'c.ts', 'd.md'] }));
    const started = parsers();
    assert.equal(started.length, 2);
    const parse = async (): Promise<void> => {
      const files = [
        { path: 'a.py', content: 'def f(:\n' },
        { path: 'b.py', content: 'x = "\u2028"\n' },
        { path: 'c.ts', content: 'x = ;\n' },
      ];
      const { problems } = await ahead.parse(files, never);
      assert.equal(problems.length, 2);
    };
    for (let n = 0; n < 3; n++) await parse();
    assert.deepEqual(parsers(), started);
    release();
    // Another phase comes before it is over.
    ahead.prepare(phaseBrief({ deliverables: ['a.py'] }))();
    assert.deepEqual(parsers(), started);
    await waitUntil(() => parsers().length === 0);
    await parse();
    await waitUntil(() => parsers().length === 0);
  });

  it('parses all the same when what was started ahead is gone', async function () {
    if (!hasPython || process.platform !== 'linux')
      skipBecause(this, 'no Python, or no processes to be listed here');
    const ahead = verifier();
    const release = ahead.prepare(phaseBrief({ deliverables: ['a.py'] }));
    const pid = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').at(-1);
    process.kill(Number(pid), 'SIGKILL');
    assert.deepEqual(await ahead.parse([{ path: 'a.py', content: 'x = 1\n' }], never), {
      problems: [],
      notChecked: [],
    });
    release();
  });

  it('does not expand the aliases of YAML', async () => {
    const lines = Array.from(
      { length: 30 },
      (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}]`,
    );
    const begun = performance.now();
    await parse('bomb.yaml', `a0: &a0 [x]\n${lines.join('\n')}\n`);
    assert.ok(performance.now() - begun < 3000);
  });

  it('finds links of Markdown that lead to nothing', async () => {
    await mkdir(join(folder(), 'docs'));
    await writeFile(join(folder(), 'docs/there.md'), 'x\n');
    const content =
      '[a](there.md#x) [b](<a b.md>) [c](https://example.org) ![d](gone.png "t") [e](../src/new.py)\n```\n[f](code.md)\n```\n`[g](code.md)` [h](#x) [i](../../etc/passwd)\n\n[ref]: lost.md\n[j](/docs/there.md) [k](a%20b.md)\n';
    const { problems } = await verifier().parse(
      [
        { path: 'docs/a.md', content },
        { path: 'src/new.py', content: 'x = 1\n' },
        { path: 'docs/a b.md', content: 'x\n' },
      ],
      never,
    );
    assert.deepEqual(
      problems.filter((each) => each.startsWith('docs')),
      [
        'docs/a.md, line 1: the link to gone.png leads to no file.',
        'docs/a.md, line 5: the link to ../../etc/passwd leads to no file.',
        'docs/a.md, line 7: the link to lost.md leads to no file.',
      ],
    );
  });

  it('finds deliverables that are missing, empty, or no files', async () => {
    await writeFile(join(folder(), 'good.txt'), 'x\n');
    await writeFile(join(folder(), 'empty.txt'), ' \n');
    await symlink('/etc/passwd', join(folder(), 'link.txt'));
    await mkdir(join(folder(), 'folder.txt'));
    const deliverables = ['good.txt', 'empty.txt', 'link.txt', 'folder.txt', 'gone/x.txt', '../x', '.env'];
    const { problems } = await verifier().verify(phaseBrief({ deliverables }), never);
    assert.deepEqual(problems, [
      'empty.txt is empty.',
      'link.txt is a symbolic link.',
      'folder.txt is a folder.',
      'gone/x.txt is missing.',
      '../x leads out of its folder (..).',
      '.env is protected (secrets) and never written.',
    ]);
  });

  describe('with tests', () => {
    const brief = phaseBrief({ deliverables: ['a.test.mjs'] });
    const withTest = (body: string): Promise<void> =>
      writeFile(
        join(folder(), 'a.test.mjs'),
        `import test from 'node:test';\nimport assert from 'node:assert';\ntest('x', () => { ${body} });\n`,
      );

    it('runs none unless that is allowed', async () => {
      await withTest('assert.fail()');
      const { problems, notChecked } = await verifier().verify(brief, never);
      assert.deepEqual(problems, []);
      assert.match(notChecked[0] ?? '', /^a\.test\.mjs was not run/);
    });

    it('passes and fails with them, without a key in their environment', async () => {
      process.env.OPENAI_API_KEY = 'sk-planted-key-of-the-test';
      process.env.SOME_SECRET = 'planted';
      try {
        await withTest(`assert.ok(!/planted/.test(JSON.stringify(process.env)))`);
        assert.deepEqual(await verifier(true).verify(brief, never), { problems: [], notChecked: [] });
        await withTest(`assert.equal(1, 2)`);
        const { problems } = await verifier(true).verify(brief, never);
        assert.match(problems[0] ?? '', /^The tests a\.test\.mjs fail: /);
        assert.match(problems[0] ?? '', /1 (?:==|!==) 2/);
      } finally {
        delete process.env.OPENAI_API_KEY;
        delete process.env.SOME_SECRET;
      }
    }).timeout(30_000);

    it('runs those of Python with pytest', async function () {
      this.timeout(30_000);
      if (!hasPytest) skipBecause(this, 'no pytest here');
      const python = phaseBrief({ deliverables: ['test_a.py'] });
      await writeFile(join(folder(), 'test_a.py'), 'def test_a():\n    assert 1 == 1\n');
      assert.deepEqual(await verifier(true).verify(python, never), { problems: [], notChecked: [] });
      await writeFile(join(folder(), 'test_a.py'), 'def test_a():\n    assert 1 == 2\n');
      assert.match((await verifier(true).verify(python, never)).problems[0] ?? '', /fail: [^]*assert 1 == 2/);
      await writeFile(join(folder(), 'test_a.py'), 'x = 1\n');
      assert.deepEqual((await verifier(true).verify(python, never)).problems, [
        'The test files have no tests.',
      ]);
    });
  });
});

describe('A bounded program', () => {
  const folder = temporaryFolder();
  const node = (script: string, timeoutMs = 20_000): Parameters<typeof runBounded>[0] => ({
    program: process.execPath,
    args: ['-e', script],
    folder: folder(),
    environment: keylessEnvironment(),
    timeoutMs,
  });

  it('ends with all it has started when its time is up', async () => {
    const script = `const { spawn } = require('child_process'); const c = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); console.log(c.pid); setInterval(() => {}, 1000)`;
    const end = await runBounded(node(script, 1000), never);
    assert.equal(end.outcome, 'timed-out');
    assert.ok(Number(end.stdout) > 0);
    assert.equal(await processMark(Number(end.stdout)), null);
  });

  it('ends at the signal', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    await rejectsWith('cancelled', runBounded(node('setInterval(() => {}, 1000)'), controller.signal));
    await rejectsWith('cancelled', runBounded(node(''), controller.signal));
  });

  it('keeps the end of an endless output', async () => {
    const end = await runBounded(node(`process.stdout.write('x'.repeat(20e6) + 'end')`), never);
    assert.ok(end.stdout.length <= 256 << 10 && end.stdout.endsWith('end'));
  });

  it('is said not to have started where there is none', async () => {
    const end = await runBounded({ ...node(''), program: join(folder(), 'nothing') }, never);
    assert.equal(end.outcome, 'failed-to-start');
  });
});
