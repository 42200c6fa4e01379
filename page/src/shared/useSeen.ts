import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

/** How far below the screen something may be, in pixels, and already be made ready. */
const MARGIN = '200px 0px';

/** Whether an element has been in view, or nearly; once it has, it stays so. */
export function useSeen(ref: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !ref.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: MARGIN },
    );
    observer.observe(ref.current);
    return () => {
      observer.disconnect();
    };
  }, [ref, seen]);
  return seen;
}
