import { OKABE_ITO } from '../../shared/palette.ts';

/** Colours of a chart's parts: those of global.css, which a chart cannot read by name. */
export interface Ink {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly series: readonly string[];
  /** From none to most, for the heat map. */
  readonly ramp: readonly string[];
}

export const INK: Readonly<Record<'dark' | 'light', Ink>> = {
  light: {
    text: '#191c21',
    muted: '#59616d',
    line: '#e3e6eb',
    surface: '#ffffff',
    series: OKABE_ITO.light,
    ramp: ['#f0f5fa', '#b9d8ee', '#5aa7d8', '#0072b2', '#004a75'],
  },
  dark: {
    text: '#e4e7eb',
    muted: '#98a1ad',
    line: '#282d35',
    surface: '#1d2127',
    series: OKABE_ITO.dark,
    ramp: ['#212830', '#1d3f5a', '#23689a', '#56b4e9', '#c3e4fa'],
  },
};
