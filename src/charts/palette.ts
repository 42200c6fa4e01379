/** Colours of Okabe and Ito, told apart by colour-blind eyes; yellow and black give way to greys. */
export const OKABE_ITO = {
  light: ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8a929e'],
  dark: ['#56b4e9', '#e69f00', '#1fbf92', '#cc79a7', '#2f8fd0', '#f0772b', '#7d8794'],
} as const;
