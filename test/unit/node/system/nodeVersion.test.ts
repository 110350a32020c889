import assert from 'node:assert/strict';
import manifest from '../../../../package.json' with { type: 'json' };
import { nodeTooOld } from '../../../../src/node/system/nodeVersion.ts';

describe('the version of Node', () => {
  it('is refused in words where it lacks SQLite, and taken from there on', () => {
    for (const old of ['18.20.4', '20.20.2', '22.12.0', '21.7.3']) {
      assert.match(
        nodeTooOld(old) ?? '',
        new RegExp(`needs Node 22\\.13 or newer, and this is Node ${old}\\.`),
      );
    }
    for (const good of ['22.13.0', '22.20.1', '24.0.0', '26.1.0', process.versions.node]) {
      assert.equal(nodeTooOld(good), null);
    }
  });

  it('is what the manifest asks for', () => {
    const [, oldest = ''] = />=([\d.]+)/.exec(manifest.engines.node) ?? [];
    assert.equal(nodeTooOld(`${oldest}.0`), null);
    assert.match(nodeTooOld('1.0.0') ?? '', new RegExp(`Node ${oldest} `));
  });
});
