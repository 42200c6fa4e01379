import { acceptCompletion, autocompletion, completionStatus } from '@codemirror/autocomplete';
import { setDiagnostics } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import CodeMirror from '@uiw/react-codemirror';
import type { ReactCodeMirrorRef } from '@uiw/react-codemirror';
import { useEffect, useMemo } from 'react';
import type { RefObject } from 'react';
import type { SqlSchema } from '../../../src/local/api.ts';
import { codeColours, codeLook } from '../shared/codeLook.ts';
import { athenaSql } from './dialect.ts';

/** What is wrong with the query, and where. Lines and columns are counted from 1. */
export interface Mistake {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** An underline of CodeMirror's own would be a picture that the page's policy does not admit. */
const look = EditorView.theme({
  '&': { fontSize: '13px', backgroundColor: 'var(--surface)' },
  '.cm-scroller': { lineHeight: '20px' },
  '.cm-gutters': {
    backgroundColor: 'var(--surface)',
    color: 'var(--muted)',
    borderRight: '1px solid var(--line)',
  },
  // They cover the outline.
  '&.cm-focused .cm-gutters': { boxShadow: 'inset 2px 0 var(--accent)' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--hover)', color: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'var(--accent-soft)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--accent-soft)',
    outline: '1px solid var(--accent-line)',
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textDecorationSkipInk: 'none',
  },
  '.cm-lintPoint::after': { borderBottomColor: 'var(--bad) !important' },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: '8px',
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    maxHeight: '15em',
    borderRadius: '7px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--text)',
  },
  '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { color: 'var(--accent)', textDecoration: 'none' },
  '.cm-completionInfo': { maxWidth: '280px', padding: '8px', fontSize: '12px' },
  '.cm-diagnostic': { borderLeftColor: 'var(--bad)', fontSize: '12px' },
});

/** The stretch that is underlined: the word there, or else one character. */
function rangeOf(
  doc: Text,
  { line, column }: Mistake,
): { readonly from: number; readonly to: number } {
  const at = doc.line(Math.min(doc.lines, line));
  const from = Math.min(at.to, at.from + column - 1);
  const [word = ''] = /^(?:\w+|"[^"]*"|\S)/.exec(doc.sliceString(from, at.to)) ?? [];
  return { from, to: from + word.length };
}

/** Puts the cursor where a mistake is. */
export function goTo(view: EditorView, mistake: Mistake): void {
  const { from } = rangeOf(view.state.doc, mistake);
  view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
  view.focus();
}

/** Puts a text in the place of what is selected. */
export function insert(view: EditorView, text: string): void {
  view.dispatch(view.state.replaceSelection(text), { scrollIntoView: true, userEvent: 'input' });
  view.focus();
}

/**
 * A query to write: completion, brackets, undo. Tab takes what is offered, or else leads on to the
 * next control.
 */
export function SqlEditor(props: {
  readonly value: string;
  readonly label: string;
  readonly schema: SqlSchema;
  readonly mistake: Mistake | null;
  readonly view: RefObject<ReactCodeMirrorRef | null>;
  readonly onChange: (sql: string) => void;
}) {
  const { schema, label, mistake, view } = props;

  const extensions = useMemo(
    () => [
      athenaSql(schema),
      codeColours,
      look,
      codeLook,
      // Its signs of kinds are not in every font.
      autocompletion({ icons: false }),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      EditorView.lineWrapping,
      keymap.of([
        {
          key: 'Tab',
          // What is offered can be taken a moment later; until then Tab leads nowhere else.
          run: (view) => acceptCompletion(view) || completionStatus(view.state) === 'active',
        },
      ]),
    ],
    [schema, label],
  );

  useEffect(() => {
    const editor = view.current?.view;
    if (!editor) return;
    const { state } = editor;
    const marks = mistake
      ? [
          {
            ...rangeOf(state.doc, mistake),
            severity: 'error' as const,
            message: mistake.message,
          },
        ]
      : [];
    editor.dispatch(setDiagnostics(state, marks));
  }, [mistake, view]);

  return (
    <CodeMirror
      ref={view}
      value={props.value}
      height="100%"
      style={{ height: '100%' }}
      theme="none"
      indentWithTab={false}
      basicSetup={{ foldGutter: false, searchKeymap: false, highlightSelectionMatches: false }}
      extensions={extensions}
      onChange={props.onChange}
    />
  );
}
