import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Colours of code, those of the page. */
export const codeColours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.propertyName, color: 'var(--code-key)' },
    { tag: tags.string, color: 'var(--code-string)' },
    { tag: [tags.number, tags.typeName], color: 'var(--code-number)' },
    { tag: [tags.keyword, tags.bool, tags.null], color: 'var(--code-word)' },
    { tag: tags.standard(tags.name), color: 'var(--code-key)' },
    { tag: tags.comment, color: 'var(--muted)' },
  ]),
);

/** Type, lines and focus of code that fills its container. */
export const codeLook = EditorView.theme({
  // Where less motion is wished for, every change takes an instant, and what is measured is the old.
  '&, & *': { transition: 'none !important' },
  '&': { height: '100%', backgroundColor: 'var(--ground)', color: 'var(--text)', fontSize: '12px' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { padding: '8px 0' },
  '.cm-line': { padding: '0 12px' },
});
