/** The editor's colours as the chart draws them; a canvas knows no style sheet. */
export interface ThemeColors {
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly background: string;
  readonly over: string;
  /** Of a cell that is full of samples. */
  readonly density: string;
  /** Of lines that show figures: the first, and the one to compare it with. */
  readonly lines: readonly [string, string];
  readonly font: string;
}

/** Reads the theme in force. */
export function readThemeColors(): ThemeColors {
  const style = getComputedStyle(document.body);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: color('--text'),
    faint: color('--faint'),
    grid: color('--grid'),
    background: color('--background'),
    over: color('--missed'),
    density: color('--faint'),
    lines: [color('--category-0'), color('--category-1')],
    font: `11px ${style.fontFamily}`,
  };
}

/** How many colours there are for categories; the style sheet names them. */
const categoryColors = 8;

/** The class that gives an element the colour of a category. */
export function categoryClass(index: number): string {
  return `category-${index % categoryColors}`;
}

/** The colour of a category, as drawn. */
export function categoryColor(index: number): string {
  return getComputedStyle(document.body)
    .getPropertyValue(`--category-${index % categoryColors}`)
    .trim();
}

/** Calls back when the editor changes its theme, which it does by the attributes of the root and the body. */
export function onThemeChange(callback: () => void): void {
  const observer = new MutationObserver(callback);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributes: true, attributeFilter: ['class', 'style'] });
  }
}
