import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  checkContextPath,
  checkPath,
  checkPaths,
  foldedPath,
  refusedDeliverables,
  type WritableScope,
} from '../../../../src/core/builders/deliverablePaths.ts';
import { allowedPaths, misshapenPaths, outsidePaths, protectedPaths } from './pathTable.ts';

const scope: WritableScope = {
  deliverables: ['src/a.py', 'README.md', './docs/guide.md', 'data/caf\u0065\u0301.txt'],
  paths: ['lib/', 'examples/tools', 'single.txt'],
};

function reasonOf(path: string, within: WritableScope = scope): string {
  const verdict = checkPath(path, within);
  return verdict.kind === 'allowed' ? `allowed as ${verdict.path}` : verdict.reason;
}

describe('The paths of an answer', () => {
  for (const [path, as = path] of allowedPaths) {
    it(`may be ${path}`, () => assert.equal(reasonOf(path), `allowed as ${as}`));
  }
  for (const [path, reason] of [...misshapenPaths, ...outsidePaths]) {
    it(`may not be ${JSON.stringify(path.slice(0, 60))}`, () => assert.match(reasonOf(path), reason));
  }
  for (const [kind, names] of Object.entries(protectedPaths)) {
    for (const name of names.trim().split(/\s+/)) {
      it(`may not be ${name}: ${kind}`, () => {
        assert.equal(reasonOf(`lib/${name}`), `is protected (${kind}) and never written`);
        assert.equal(
          reasonOf(name, { deliverables: [name], paths: [] }),
          `is protected (${kind}) and never written`,
        );
      });
    }
  }

  it('may not be written because a scope is misshapen itself', () => {
    const hostile = [
      '',
      '.',
      './',
      '/',
      '//',
      '..',
      '../',
      '*',
      '**',
      'C:',
      'C:/',
      '\\',
      '~',
      '~/',
      '.git',
      '.vscode/',
      '\0',
    ];
    for (const entry of hostile) {
      for (const path of [
        'x',
        'package.json',
        '.git/config',
        '.vscode/settings.json',
        '../x',
        '/x',
        'C:/x',
        '~/x',
      ]) {
        assert.notEqual(
          checkPath(path, { deliverables: [], paths: [entry] }).kind,
          'allowed',
          `${path} in ${entry}`,
        );
        assert.notEqual(
          checkPath(path, { deliverables: [entry], paths: [] }).kind,
          'allowed',
          `${path} as ${entry}`,
        );
      }
    }
  });

  it('tells the deliverables that can never be written', () => {
    const deliverables = ['src/a.py', '.env', '../x', 'lib/', 'a\u202eb'];
    assert.deepEqual(
      refusedDeliverables({ deliverables }).map(({ path }) => path),
      ['.env', '../x', 'lib/', 'a\u202eb'],
    );
  });

  it('may not be twins, nor a file and a folder of one name', () => {
    const of = (...paths: string[]): string[] =>
      checkPaths(paths, scope).map((each) => (each.kind === 'refused' ? each.reason : 'allowed'));
    assert.deepEqual(of('lib/a.ts', 'lib/A.ts'), ['allowed', 'is the same file as lib/a.ts on some disks']);
    assert.deepEqual(of('lib/ß.ts', 'lib/SS.ts'), ['allowed', 'is the same file as lib/ß.ts on some disks']);
    assert.deepEqual(of('lib/a', 'lib/a/b'), [
      'allowed',
      'cannot stand beside lib/a: one is a folder of the other',
    ]);
    assert.deepEqual(of('lib/a/b', 'lib/A'), [
      'allowed',
      'cannot stand beside lib/a/b: one is a folder of the other',
    ]);
    assert.deepEqual(of('lib/a.ts', 'lib/b.ts'), ['allowed', 'allowed']);
  });

  it('are shown to a model only where they hold no secrets', () => {
    for (const path of ['src', 'src/', 'README.md', 'AGENTS.md', '.github/workflows/ci.yml']) {
      assert.equal(checkContextPath(path).kind, 'allowed', path);
    }
    for (const path of [
      '.env',
      '.git/config',
      'x.db',
      '.npmrc',
      '../x',
      '/etc/passwd',
      '.autopack-hygiene/pins.json',
      'id_rsa',
      'certs/server.key',
      '',
    ]) {
      assert.equal(checkContextPath(path).kind, 'refused', path);
    }
  });

  it('are allowed only as plain names inside of the scope, whatever they are made of', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        'lib',
        'lib/',
        'src/a.py',
        'examples/tools/',
        ':',
        '~',
        '.git',
        '\0',
        '\u202e',
        '．',
        'CON',
        ' ',
        '%2e%2e',
        'C:',
      ),
      fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const verdict = checkPath(pieces.join(''), scope);
        if (verdict.kind === 'refused') return;
        const parts = verdict.path.split('/');
        assert.ok(
          /^(?:lib|examples\/tools)\/|^(?:src\/a\.py|README\.md|docs\/guide\.md|data\/café\.txt|single\.txt)/u.test(
            verdict.path,
          ),
        );
        assert.ok(parts.every((part) => !/^\.{0,2}$|[\\:\0]|[. ]$/.test(part)));
        assert.ok(!foldedPath(verdict.path).split('/').includes('.git'));
      }),
      { numRuns: 3000 },
    );
  });

  it('are those of the whole name, where a database names them in a longer form', () => {
    // 650 UTF-16 units, and 330 in the form NFC.
    const named = `${`${'e\u0301'.repeat(80)}/`.repeat(4)}ab.txt`;
    const within = { deliverables: [named], paths: [`lib/${named.slice(0, 644)}`] };
    const path = named.normalize('NFC');
    assert.equal(reasonOf(path, within), `allowed as ${path}`);
    assert.equal(reasonOf(`lib/${path}`, within), `allowed as lib/${path}`);
    for (const units of [500, 501, 502, 503]) {
      const cut = named.slice(0, units).normalize('NFC');
      assert.equal(reasonOf(cut, within), "is outside of the phase's scope");
    }
    assert.deepEqual(refusedDeliverables(within), []);
    const [refusal] = refusedDeliverables({ deliverables: [named.replace('ab.txt', '.git/config')] });
    assert.equal(refusal?.reason, 'is protected (version control) and never written');
  });

  it('are not the beginnings of names that are too long', () => {
    const named = `${`${'e\u0301'.repeat(80)}/`.repeat(6)}${'e\u0301'.repeat(40)}`;
    const [refusal] = refusedDeliverables({ deliverables: [named] });
    assert.equal(refusal?.reason, 'is longer than 500 characters');
    for (const units of [500, 501, 502, 999, 1000, 1001, named.length]) {
      const cut = named.slice(0, units).normalize('NFC');
      assert.notEqual(reasonOf(cut, { deliverables: [named], paths: [named] }), `allowed as ${cut}`);
    }
  });

  it('are looked at in no time, however large a scope is', () => {
    const big = 'x/'.repeat(5 << 20);
    const begun = performance.now();
    const large = {
      deliverables: [big, ...Array.from({ length: 100_000 }, (_, index) => `d/${index}.py`)],
      paths: [big, big],
    };
    assert.equal(checkPath(big, large).kind, 'refused');
    assert.equal(checkPath('d/7.py', large).kind, 'allowed');
    assert.deepEqual(
      refusedDeliverables(large).map(({ path }) => path.length),
      [big.length, 8],
    );
    assert.ok(performance.now() - begun < 2000);
  });
});
