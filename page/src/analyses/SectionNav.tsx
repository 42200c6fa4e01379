import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { Section } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import styles from './SectionNav.module.css';

/** How far below the top of the view a section begins to be the one that is read, in pixels. */
const READING_LINE = 160;

/** Links to the dashboard's parts; the one that is read is marked. */
export function SectionNav(props: {
  readonly sections: readonly Section[];
  readonly scroller: RefObject<HTMLElement | null>;
}) {
  const { sections, scroller } = props;
  const text = useText();
  const list = useRef<HTMLUListElement>(null);
  const [current, setCurrent] = useState(sections[0]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 8;
      const top = element.getBoundingClientRect().top + READING_LINE;
      const read = sections.filter((section) => {
        const place = document.getElementById(section)?.getBoundingClientRect().top;
        return place !== undefined && place <= top;
      });
      setCurrent((isAtEnd ? sections : read).at(-1) ?? sections[0]);
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      element.removeEventListener('scroll', look);
    };
  }, [sections, scroller]);

  // Where the links are wider than the screen, the one that is read comes into view.
  useEffect(() => {
    const element = list.current;
    const link = element?.querySelector<HTMLElement>('[aria-current]');
    if (!element || !link) return;
    element.scrollTo({ left: link.offsetLeft - (element.clientWidth - link.offsetWidth) / 2 });
  }, [current]);

  return (
    <nav className={styles.nav} aria-label={text.analyses.sectionsLabel}>
      <ul className={styles.list} ref={list}>
        {sections.map((section) => (
          <li key={section}>
            <a
              href={`#${section}`}
              className={styles.link}
              aria-current={section === current ? 'true' : undefined}
            >
              {text.analyses.sections[section]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
