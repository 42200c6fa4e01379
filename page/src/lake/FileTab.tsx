import { Skeleton } from '@mantine/core';
import type { DayFileDetails, LakeStatus, ValueRange } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { CopyIcon } from '../shared/CopyIcon.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { formatBytes, formatInstant, formatNumber, formatWallClock } from '../shared/format.ts';
import { formatPercent } from '../../../src/charts/format.ts';
import type { DayProps } from './dayProps.ts';
import styles from './FileTab.module.css';
import { Runs } from './Runs.tsx';
import { useDayFile } from './queries.ts';

/** A day's Parquet file as its footer describes it, and the runs that wrote it. */
export function FileTab({ lake, of }: DayProps) {
  const text = useText();
  const words = text.days.file;
  const file = useDayFile(lake.id, of.day, of.file !== null);
  return (
    <div className={styles.page}>
      {of.file === null ? (
        <div className={styles.none}>
          <EmptyState
            title={words.none}
            hint={of.objects > 0 ? words.noneHint : text.days.stateHints.empty}
          />
        </div>
      ) : file.isLoadingError ? (
        <Notice
          error={file.error}
          onRetry={() => {
            void file.refetch();
          }}
        />
      ) : !file.data ? (
        <>
          <Skeleton height={88} radius={8} />
          <Skeleton height={480} radius={8} />
        </>
      ) : (
        <>
          <About file={file.data} lake={lake} rawBytes={of.rawBytes} />
          <Columns file={file.data} />
          <RowGroups file={file.data} />
        </>
      )}
      <Runs lake={lake} day={of.day} />
      {file.data && of.file && Object.keys(file.data.metadata).length > 0 && (
        <Metadata file={file.data} />
      )}
    </div>
  );
}

/** Where the file lies, how large it is, how and by whom it was written. */
function About(props: {
  readonly file: DayFileDetails;
  readonly lake: LakeStatus;
  /** Of the raw objects that it was made from. */
  readonly rawBytes: number;
}) {
  const { file, lake, rawBytes } = props;
  const text = useText();
  const words = text.days.file;
  const codecs = [...new Set(file.columns.flatMap(({ compression }) => compression))];
  const facts = [
    {
      name: words.size,
      value: formatBytes(file.bytes, text.locale),
      ...(rawBytes > 0 && {
        hint: words.ofRaw(formatPercent(file.bytes / rawBytes, text.locale)),
      }),
    },
    { name: words.rows, value: formatNumber(file.rows, text.locale) },
    ...(file.parts > 0
      ? [{ name: words.parts, value: formatNumber(file.parts, text.locale), hint: words.partsHint }]
      : []),
    { name: words.rowGroups, value: formatNumber(file.rowGroups.length, text.locale) },
    { name: words.compression, value: codecs.join(', ') },
    { name: words.written, value: formatInstant(file.writtenAt, text.locale, lake.zone) },
    { name: words.writer, value: file.createdBy ?? '–' },
  ];
  return (
    <section className={styles.card}>
      <p className={styles.key}>
        <code>{file.key}</code>
        <CopyIcon value={file.key} label={words.copyKey} />
      </p>
      <dl className={styles.facts}>
        {facts.map(({ name, value, ...rest }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={styles.fact}>{value}</dd>
            {'hint' in rest && <dd className={styles.hint}>{rest.hint}</dd>}
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The columns: what each means, how many bytes it takes, how it is written. */
function Columns({ file }: { readonly file: DayFileDetails }) {
  const text = useText();
  const words = text.days.file;
  const most = Math.max(1, ...file.columns.map(({ bytes }) => bytes));
  const size = (bytes: number) => formatBytes(bytes, text.locale);
  return (
    <section className={styles.card} aria-labelledby="columns">
      <h3 id="columns" className={styles.title}>
        {words.columns} <span className={styles.count}>{file.columns.length}</span>
      </h3>
      <table className={styles.table} data-kind="columns">
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.type}</th>
            <th scope="col">{words.meaning}</th>
            <th scope="col">{words.encodings}</th>
            <th scope="col" data-number>
              {words.nulls}
            </th>
            <th scope="col" data-number title={words.plainHint}>
              {words.plain}
            </th>
            <th scope="col" data-number>
              {words.stored}
            </th>
          </tr>
        </thead>
        <tbody>
          {file.columns.map((column) => (
            <tr key={column.name}>
              <th scope="row" className={styles.name}>
                {column.name}
              </th>
              <td className={styles.type}>{column.type}</td>
              <td className={styles.meaning} lang="en">
                {column.meaning ?? '–'}
              </td>
              <td className={styles.encodings}>
                {column.encodings.map((encoding) => encoding.toLowerCase()).join(', ')}
              </td>
              <td data-number data-label={words.nulls}>
                {column.nulls === null ? '–' : formatNumber(column.nulls, text.locale)}
              </td>
              <td data-number data-label={words.plain}>
                {size(column.plainBytes)}
              </td>
              <td data-number data-label={words.stored} className={styles.stored}>
                {size(column.bytes)}
                <span className={styles.track} aria-hidden>
                  <i style={{ width: `${(column.bytes / most) * 100}%` }} />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The row groups, with the range of what each holds: what a reader can skip. */
function RowGroups({ file }: { readonly file: DayFileDetails }) {
  const text = useText();
  const words = text.days.file;
  const range = (of: ValueRange | null, write: (value: ValueRange['min']) => string) =>
    of ? `${write(of.min)} – ${write(of.max)}` : '–';
  return (
    <div className={styles.card}>
      <h3 id="groups" className={styles.title}>
        {words.rowGroups} <span className={styles.count}>{file.rowGroups.length}</span>
      </h3>
      <div className={styles.sideways} tabIndex={0} role="region" aria-labelledby="groups">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{words.group}</th>
              <th scope="col" data-number>
                {words.rows}
              </th>
              <th scope="col" data-number title={words.plainHint}>
                {words.plain}
              </th>
              <th scope="col" data-number>
                {words.stored}
              </th>
              <th scope="col">{words.updates}</th>
              <th scope="col">{words.times}</th>
            </tr>
          </thead>
          <tbody>
            {file.rowGroups.map((group, index) => (
              <tr key={index}>
                <th scope="row">{formatNumber(index + 1, text.locale)}</th>
                <td data-number>{formatNumber(group.rows, text.locale)}</td>
                <td data-number>{formatBytes(group.plainBytes, text.locale)}</td>
                <td data-number>{formatBytes(group.bytes, text.locale)}</td>
                <td>{range(group.updateId, String)}</td>
                <td>
                  {range(group.localTime, (value) => formatWallClock(String(value), text.locale))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** What was written along with the file. */
function Metadata({ file }: { readonly file: DayFileDetails }) {
  const words = useText().days.file;
  return (
    <details className={styles.card}>
      <summary className={styles.title}>{words.metadata}</summary>
      <dl className={styles.metadata}>
        {Object.entries(file.metadata).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
