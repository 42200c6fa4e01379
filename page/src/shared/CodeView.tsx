import CodeMirror, { EditorView } from '@uiw/react-codemirror';
import type { Extension } from '@uiw/react-codemirror';
import { useMemo } from 'react';
import { codeColours, codeLook } from './codeLook.ts';

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
      codeColours,
      codeLook,
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
