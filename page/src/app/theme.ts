import { Combobox, Menu, Popover, createTheme } from '@mantine/core';
import type { CSSVariablesResolver } from '@mantine/core';

/** System fonts only: nothing is loaded from elsewhere. */
const FONTS =
  "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif";
const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace";

/** Mantine's components in the page's one accent, type and spacing. */
export const theme = createTheme({
  fontFamily: FONTS,
  fontFamilyMonospace: MONO,
  primaryColor: 'accent',
  primaryShade: 7,
  defaultRadius: 'md',
  respectReducedMotion: true,
  cursorType: 'pointer',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  components: {
    // What opens belongs to the page's main part, for those who go through it by landmarks.
    Menu: Menu.extend({
      defaultProps: { portalProps: { target: '#content' }, withInitialFocusPlaceholder: false },
    }),
    Popover: Popover.extend({ defaultProps: { portalProps: { target: '#content' } } }),
    Combobox: Combobox.extend({ defaultProps: { portalProps: { target: '#content' } } }),
  },
  colors: {
    dark: [
      '#e4e7eb',
      '#c3c9d1',
      '#98a1ad',
      '#6b7480',
      '#3d444f',
      '#323943',
      '#22272e',
      '#16191e',
      '#1c2026',
      '#121519',
    ],
    accent: [
      '#eaf4fc',
      '#d3e7f7',
      '#a6cfee',
      '#6bb4ea',
      '#4f9fdc',
      '#3690d4',
      '#2484cc',
      '#0b66ad',
      '#085a99',
      '#05487c',
    ],
  },
});

/** Hands the page's own colours (global.css) to Mantine's components. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--muted)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-placeholder': 'var(--muted)',
  };
  return { variables: {}, light: shared, dark: shared };
};
