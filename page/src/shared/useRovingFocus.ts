import { useState } from 'react';
import type { FocusEvent, KeyboardEvent } from 'react';

/** Keys that lead to the stop before and after; Home and End lead to the first and the last. */
const STEPS = {
  x: { ArrowLeft: -1, ArrowRight: 1 },
  y: { ArrowUp: -1, ArrowDown: 1 },
} as const;

/**
 * One stop for the Tab key in a list of many; arrow keys lead from one to the next. Each stop is an
 * element with `data-stop` that has a name of its own and `tabIndex={tabIndexOf(name)}`.
 *
 * @param names of the stops, in order
 * @param selected where Tab leads to at first; the first stop when it is none of them
 */
export function useRovingFocus(
  names: readonly string[],
  selected: string | null,
  axis: keyof typeof STEPS,
): {
  readonly tabIndexOf: (name: string) => -1 | 0;
  readonly handlers: {
    readonly onFocus: (event: FocusEvent) => void;
    readonly onBlur: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
  };
} {
  const [focused, setFocused] = useState<string | null>(null);
  const stop = [focused, selected].find((name) => name !== null && names.includes(name));
  const first = stop ?? names[0];
  return {
    tabIndexOf: (name) => (name === first ? 0 : -1),
    handlers: {
      onFocus: ({ target }) => {
        setFocused((target as HTMLElement).dataset.stop ?? null);
      },
      // Left, the list is entered again at what is selected.
      onBlur: () => {
        setFocused(null);
      },
      onKeyDown: (event) => {
        const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-stop]')];
        const at = stops.indexOf(event.target as HTMLElement);
        if (at === -1 || event.ctrlKey || event.metaKey || event.altKey) return;
        const step = (STEPS[axis] as Readonly<Record<string, number>>)[event.key];
        const ends: Readonly<Record<string, number>> = { Home: 0, End: stops.length - 1 };
        const next = stops[step === undefined ? (ends[event.key] ?? -1) : at + step];
        if (!next) return;
        event.preventDefault();
        next.focus();
      },
    },
  };
}
