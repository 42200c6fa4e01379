import { useLayoutEffect } from 'react';
import type { RefObject } from 'react';

/** Where each lake's dashboard was left, so that Back leads to the same place. */
const left = new Map<string, number>();

/** Leads back to where one was: to the part that the URL names, or as far down as one had read. */
export function useScrollPlace(
  scroller: RefObject<HTMLElement | null>,
  lake: string,
  isReady: boolean,
): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !isReady) return;
    const place = left.get(lake);
    if (place !== undefined) element.scrollTo({ top: place, behavior: 'instant' });
    else if (location.hash !== '') {
      document.getElementById(location.hash.slice(1))?.scrollIntoView({ behavior: 'instant' });
    }
    const keep = () => {
      left.set(lake, element.scrollTop);
    };
    element.addEventListener('scroll', keep, { passive: true });
    return () => {
      element.removeEventListener('scroll', keep);
    };
  }, [scroller, lake, isReady]);
}
