import { json } from '@codemirror/lang-json';
import { applyEdits, format } from 'jsonc-parser';
import { useMemo } from 'react';
import { CodeView } from './CodeView.tsx';

const language = json();

/** JSON as it was stored, or laid out by moving white space only: no number is read and rounded. */
export default function JsonView(props: {
  readonly json: string;
  readonly verbatim: boolean;
  readonly label: string;
}) {
  const { verbatim } = props;
  const code = useMemo(
    () =>
      verbatim
        ? props.json
        : applyEdits(
            props.json,
            format(props.json, undefined, { tabSize: 2, insertSpaces: true, eol: '\n' }),
          ),
    [props.json, verbatim],
  );
  return <CodeView code={code} language={language} label={props.label} />;
}
