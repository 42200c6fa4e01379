import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import CodeMirror, { EditorView } from '@uiw/react-codemirror';
import type { Extension } from '@uiw/react-codemirror';
import { useMemo } from 'react';

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.propertyName, color: 'var(--code-key)' },
    { tag: tags.string, color: 'var(--code-string)' },
    { tag: [tags.number, tags.typeName], color: 'var(--code-number)' },
    { tag: [tags.keyword, tags.bool, tags.null], color: 'var(--code-word)' },
    { tag: tags.comment, color: 'var(--muted)' },
  ]),
);

const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--ground)', color: 'var(--text)', fontSize: '12px' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { padding: '8px 0' },
  '.cm-line': { padding: '0 12px' },
});

/** Code to read, select and copy, coloured by its language; it fills its container. */
export function CodeView(props: {
  readonly code: string;
  readonly language: Extension;
  readonly label: string;
}) {
  const { language, label } = props;
  const extensions = useMemo(
    () => [
      language,
      colours,
      look,
      EditorView.contentAttributes.of({
        'aria-label': label,
        'aria-readonly': 'true',
        tabindex: '0',
      }),
      EditorView.lineWrapping,
    ],
    [language, label],
  );
  return (
    <CodeMirror
      value={props.code}
      height="100%"
      style={{ height: '100%' }}
      theme="none"
      editable={false}
      basicSetup={false}
      indentWithTab={false}
      extensions={extensions}
    />
  );
}
