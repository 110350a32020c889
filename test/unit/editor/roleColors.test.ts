import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import manifest from '../../../package.json' with { type: 'json' };
import { colorIds } from '../../../src/editor/ids.ts';

/** Backgrounds of lists, editors and tabs in VS Code's own themes of each kind. */
const backgrounds = {
  dark: ['#181818', '#1f1f1f', '#252526', '#1e1e1e', '#37373d'],
  light: ['#f8f8f8', '#ffffff', '#f3f3f3', '#e4e6f1'],
  highContrast: ['#000000'],
  highContrastLight: ['#ffffff'],
} as const;
const kinds = ['dark', 'light', 'highContrast', 'highContrastLight'] as const;

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (lighter + 0.05) / (darker + 0.05);
}

describe('the colors of roles', () => {
  const { colors } = manifest.contributes;

  it('are declared as ids.ts names them', () => {
    assert.deepEqual(
      colors.map(({ id }) => id),
      Object.values(colorIds),
    );
  });

  for (const kind of kinds) {
    it(`are legible and differ from each other: ${kind}`, () => {
      const least = kind.startsWith('high') ? 7 : 4.5;
      const own = colors.map(({ defaults }) => defaults[kind]);
      for (const color of own)
        for (const background of backgrounds[kind])
          assert.ok(contrast(color, background) >= least, `${color} on ${background}`);
      assert.equal(new Set(own).size, own.length);
    });
  }
});
