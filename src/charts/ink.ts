import { OKABE_ITO } from './palette.ts';

/** Colours of a chart's parts: those of the page's global.css, which a chart cannot read by name. */
export interface Ink {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  /** The last one is for what is added up as others. */
  readonly series: readonly string[];
  /** From next to none to most, for the heat map. */
  readonly ramp: readonly string[];
}

/** The inks of both themes. */
export const INK: Readonly<Record<'dark' | 'light', Ink>> = {
  light: {
    text: '#191c21',
    muted: '#59616d',
    line: '#e3e6eb',
    surface: '#ffffff',
    series: OKABE_ITO.light,
    ramp: ['#edf3f9', '#b9d8ee', '#5aa7d8', '#0072b2', '#004a75'],
  },
  dark: {
    text: '#e4e7eb',
    muted: '#98a1ad',
    line: '#282d35',
    surface: '#1d2127',
    series: OKABE_ITO.dark,
    ramp: ['#242d37', '#1d3f5a', '#23689a', '#56b4e9', '#c3e4fa'],
  },
};
