import { INK } from '../charts/ink.ts';
import type { Ink } from '../charts/ink.ts';

/** Names of an ink's colours as custom properties of CSS. */
function named({ text, muted, line, surface, series, ramp }: Ink): Record<string, string> {
  return {
    text,
    muted,
    line,
    surface,
    ...Object.fromEntries(series.map((colour, index) => [`series-${index}`, colour])),
    ...Object.fromEntries(ramp.map((colour, index) => [`ramp-${index}`, colour])),
  };
}

/** The colours of a theme as declarations of CSS. */
export function inkProperties(theme: 'dark' | 'light'): string {
  return Object.entries(named(INK[theme]))
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');
}

/** Colours by name, so that one drawing serves both themes. */
export const NAMED_INK: Ink = {
  text: 'var(--text)',
  muted: 'var(--muted)',
  line: 'var(--line)',
  surface: 'var(--surface)',
  series: INK.light.series.map((_, index) => `var(--series-${index})`),
  ramp: INK.light.ramp.map((_, index) => `var(--ramp-${index})`),
};
