import { sql } from '@codemirror/lang-sql';
import { CodeView } from './CodeView.tsx';

const language = sql();

/** A query to read and copy. */
export default function SqlView(props: { readonly sql: string; readonly label: string }) {
  return <CodeView code={props.sql} language={language} label={props.label} />;
}
