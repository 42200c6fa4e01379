import { loadAnalyses } from '../src/analytics/analyses.ts';
import { SQL_FOLDER } from '../src/local/paths.ts';
import type { Benchmark, Peer, Row } from './benchmark.ts';

/** Those that write only fields as they are. */
const fieldsPeers = (own: string, figure: string): readonly Peer[] => [
  { figure: `${own}Fields${figure}`, label: 'DuckDB, fields alone' },
  { figure: `${own}Polars${figure}`, label: 'Polars, fields alone' },
];

const packingRows = (packing: 'gz' | 'plain', name: string): readonly Row[] =>
  ([1, 2] as const).flatMap((threads): Row[] => {
    const own = `${packing}${threads}`;
    const on = `${name}, ${threads === 1 ? 'one processor' : 'two processors'}`;
    return [
      {
        figure: `${own}Seconds`,
        label: on,
        unit: 's',
        peers: [
          {
            figure: `${own}DuckdbSeconds`,
            label: 'DuckDB',
            ...(threads === 1 && { atMost: 1.5 }),
          },
          ...fieldsPeers(own, 'Seconds'),
        ],
      },
      {
        figure: `${own}Cpu`,
        label: `${on}: CPU`,
        unit: 's',
        peers: [{ figure: `${own}DuckdbCpu`, label: 'DuckDB' }, ...fieldsPeers(own, 'Cpu')],
      },
      {
        figure: `${own}Rss`,
        label: `${on}: peak memory`,
        unit: 'MB',
        atMost: 512,
        peers: [{ figure: `${own}DuckdbRss`, label: 'DuckDB' }, ...fieldsPeers(own, 'Rss')],
      },
    ];
  });

/** All benchmarks, in the order of docs/benchmarks.md. */
export const BENCHMARKS: readonly Benchmark[] = [
  {
    file: 's3Gets.ts',
    title: 'GETs of small objects',
    text: "20,000 GETs of objects of 600 bytes over TLS, 256 under way, after 5,000 that are not counted. The endpoint (`bench/s3`) answers after 20 ms and has a processor of its own, so that the CPU time is the client's alone. Beside it the AWS SDK for JavaScript, tuned (256 connections that are kept) and as it comes (50).",
    rows: [
      {
        figure: 'cpuPerGet',
        label: 'CPU per GET',
        unit: 'ms',
        atMost: 0.15,
        peers: [
          { figure: 'tunedCpu', label: 'the SDK, tuned' },
          { figure: 'plainCpu', label: 'the SDK' },
        ],
      },
      {
        figure: 'rate',
        label: 'GETs a second',
        unit: '/s',
        peers: [
          { figure: 'tunedRate', label: 'the SDK, tuned' },
          { figure: 'plainRate', label: 'the SDK' },
        ],
      },
    ],
    hasProfile: true,
  },
  {
    file: 's3Step.ts',
    title: 'A day of one-message objects through S3',
    text: "100,000 objects of 600 bytes through an endpoint with 20 ms latency and TLS to one Parquet file, on one processor; the endpoint has the other, and its CPU time stands apart. The SDK is the same step with the SDK's client for its GETs, 256 connections (10,000 objects, scaled to 100,000). The course's loop is `bench/peers/course_loop.py`: boto3's `download_file`, one by one, pyarrow's `concat_tables`, SNAPPY (2,000 objects once, scaled). pyarrow's S3 client reads with 64 threads, without TLS (10,000 objects, scaled); those two write 8 and 10 columns, ours all.",
    rows: [
      {
        figure: 'seconds',
        label: '100,000 objects → Parquet',
        unit: 's',
        atMost: 60,
        peers: [
          { figure: 'loopSeconds', label: "the course's loop", times: 50 },
          { figure: 'sdkSeconds', label: 'the SDK, tuned', times: 4 },
          { figure: 'pyarrowSeconds', label: 'pyarrow' },
        ],
      },
      {
        figure: 'cpu',
        label: 'CPU of the client',
        unit: 's',
        peers: [
          { figure: 'loopCpu', label: "the course's loop" },
          { figure: 'sdkCpu', label: 'the SDK, tuned' },
          { figure: 'pyarrowCpu', label: 'pyarrow' },
        ],
      },
      { figure: 'endpointCpu', label: 'CPU of the endpoint', unit: 's' },
      { figure: 'list', label: 'waiting for the listing', unit: 'ms' },
      { figure: 'get', label: 'waiting for objects', unit: 'ms' },
      { figure: 'parse', label: 'parsing', unit: 'ms' },
      { figure: 'encode', label: 'encoding', unit: 'ms' },
      { figure: 'rss', label: 'peak memory, 100,000 objects', unit: 'MB', atMost: 512 },
      {
        figure: 'manyRss',
        label: 'peak memory, 1,000,000 objects (one round)',
        unit: 'MB',
        atMost: 512,
        peers: [{ figure: 'rss', label: '100,000 objects', atMost: 1.3 }],
      },
      { figure: 'manySeconds', label: '1,000,000 objects (one round)', unit: 's', atMost: 900 },
    ],
    hasProfile: true,
  },
  {
    file: 'folderStep.ts',
    title: 'A day of one-message objects in a folder',
    text: 'Raw objects of one day to one Parquet file with all columns. DuckDB reads the same files with `read_json` on two threads (order not preserved, schema given: its best) and writes the same table; beside it, only those 32 of the 42 columns that are fields as they are. It is given up after 600 s.',
    rows: [
      {
        figure: 'fewSeconds',
        label: '10,000 objects → Parquet',
        unit: 's',
        atMost: 3,
        peers: [
          { figure: 'fewDuckdb', label: 'DuckDB' },
          { figure: 'fewDuckdbFields', label: 'DuckDB, fields alone' },
        ],
      },
      { figure: 'fewRss', label: 'peak memory, 10,000 objects', unit: 'MB', atMost: 300 },
      {
        figure: 'manySeconds',
        label: '100,000 objects → Parquet',
        unit: 's',
        peers: [
          { figure: 'manyDuckdb', label: 'DuckDB', times: 10 },
          { figure: 'manyDuckdbFields', label: 'DuckDB, fields alone' },
        ],
      },
      { figure: 'manyRss', label: 'peak memory, 100,000 objects', unit: 'MB', atMost: 512 },
    ],
    hasProfile: true,
  },
  {
    file: 'ndjsonStep.ts',
    title: 'A day of a million lines, and the encoding alone',
    text: 'A day of 1,000,000 messages as 20 objects of NDJSON, plain and gzipped, in a folder → one Parquet file with all columns. DuckDB (1 or 2 threads, order not preserved, schema given) writes the same table, checked row by row: it folds the questions and keeps one row of each update, but puts nothing aside that cannot be read. Beside it, DuckDB and Polars write only those 32 and 30 of the 42 columns that are fields as they are, and neither fold nor look for what came twice. What memory grows by, from 100,000 to 1,000,000 lines, are the numbers of the updates (some 10 MB) and what Node has not collected yet: made to collect every three seconds, it peaks at 228 MB. The encoding alone is rows in memory → Parquet, beside `COPY` of the table that the file gives.',
    rows: [
      ...packingRows('plain', 'NDJSON'),
      ...packingRows('gz', 'NDJSON.gz'),
      {
        figure: 'growth',
        label: 'peak memory, from 100,000 to 1,000,000 lines',
        unit: '×',
        atMost: 1.3,
      },
      {
        figure: 'encodeSeconds',
        label: 'encoding a million rows',
        unit: 's',
        peers: [
          { figure: 'copy1Seconds', label: "DuckDB's COPY on one thread", atMost: 0.9 },
          { figure: 'copy2Seconds', label: 'on two' },
        ],
      },
      {
        figure: 'encodeMegabytes',
        label: 'size of the file',
        unit: 'MB',
        peers: [{ figure: 'copy1Megabytes', label: "DuckDB's", atMost: 1 }],
      },
    ],
    hasProfile: true,
  },
  {
    file: 'lineParsing.ts',
    title: 'Ways to take a line apart',
    text: 'CPU a line of the day above, on one processor: what could be saved of `JSON.parse`, which is a quarter of the daily step over lines. A thousand lines parsed at once are one text that no broken line may be in. A worker thread parses on a processor of its own, of which Lambda gives a sixth with the 2,048 MB that the function has; what stands here is what the thread that gets the values has to do for them. Whoever takes columns straight from the bytes has to walk over those at least, and then to decode and compare what is in them.',
    rows: [
      { figure: 'each', label: '`JSON.parse` of each line, as the daily step does', unit: 'µs' },
      ...(
        [
          ['joined', 'of a thousand lines at once'],
          ['received', 'getting the values from a worker thread'],
          ['walked', 'walking over the bytes'],
        ] as const
      ).map(([figure, label]) => ({
        figure,
        label,
        unit: 'µs',
        peers: [{ figure: 'each', label: '`JSON.parse` of each' }],
      })),
    ],
  },
  {
    file: 'pruning.ts',
    title: 'What readers read of a day',
    text: 'An hour of a day of 1,000,000 rows, from one object. Rows stand in the order of their ids, so row groups are narrow in time and a reader skips those whose statistics say that nothing is in them. DuckDB and pyarrow read the file; that Trino prunes likewise, and that all three read equal values, `__tests__/trino` and `__tests__/integration/etlReaders.test.ts` hold; what each analysis scans of 90 days on Trino stands in [analyses.md](analyses.md).',
    rows: [
      { figure: 'groups', label: 'row groups of the file', unit: '' },
      { figure: 'overlapping', label: 'row groups that hold the hour', unit: '' },
      {
        figure: 'duckdbShare',
        label: 'bytes that DuckDB read for the hour, of those for the day',
        unit: '%',
        atMost: 15,
      },
      {
        figure: 'pyarrowShare',
        label: 'rows in the row groups that pyarrow read',
        unit: '%',
        atMost: 15,
      },
      { figure: 'isEqual', label: 'equal counts and sums (1: yes)', unit: '', atLeast: 1 },
    ],
  },
  {
    file: 'webhook.ts',
    title: 'The webhook over a folder',
    text: "1,000 updates of a day's conversation through the handler, each synced to disk, after 100 that are not counted. The peer writes as many bytes to the same folder with the same syncs (write, fsync, link, fsync of the folder) and decides nothing.",
    rows: [
      {
        figure: 'median',
        label: 'own time per update, median',
        unit: 'ms',
        atMost: 2,
        isWaiting: true,
        peers: [{ figure: 'peerMedian', label: 'the bare write' }],
      },
      {
        figure: 'p99',
        label: 'own time per update, 99th percentile',
        unit: 'ms',
        peers: [{ figure: 'peerP99', label: 'the bare write' }],
      },
    ],
  },
  {
    file: 'webhookS3.ts',
    title: 'The webhook over S3',
    text: '500 updates through the handler, one after the other, over an endpoint with 20 ms latency and TLS, after 100 that are not counted: from the event to the 200, less those 20 ms. The peer is a bare, unsigned PUT of as many bytes over a connection that is kept.',
    rows: [
      {
        figure: 'median',
        label: "beyond the endpoint's latency, median",
        unit: 'ms',
        atMost: 3,
        peers: [{ figure: 'bareMedian', label: 'the bare PUT' }],
      },
      {
        figure: 'p99',
        label: "beyond the endpoint's latency, 99th percentile",
        unit: 'ms',
        atMost: 10,
        peers: [{ figure: 'bareP99', label: 'the bare PUT' }],
      },
    ],
    hasProfile: true,
  },
  {
    file: 'coldStart.ts',
    title: "The start of the webhook's function",
    text: "The bundle, imported by the same Node as an empty function, from the start of the process. What it asks for while it starts (its secret, the lake's description) an endpoint of this machine answers at once.",
    rows: [
      {
        figure: 'codeKilobytes',
        label: 'zipped, without knowledge',
        unit: 'kB',
        atMost: 300,
      },
      { figure: 'kilobytes', label: 'zipped, with it', unit: 'kB' },
      {
        figure: 'more',
        label: 'start beyond an empty function',
        unit: 'ms',
        atMost: 100,
        peers: [{ figure: 'empty', label: 'the empty function' }],
      },
    ],
    hasProfile: true,
  },
  {
    file: 'import.ts',
    title: "A course's lake brought in from a folder",
    text: '50,000 raw objects, one bare update each, of 20 days, beside 20 Parquet files with the same messages as rows, into an empty lake. The tables of all days are then made by the ETL; the rate counts the import alone.',
    rows: [
      { figure: 'rate', label: 'raw objects per second', unit: '/s', atLeast: 5_000 },
      { figure: 'rss', label: 'peak memory', unit: 'MB', atMost: 400 },
      { figure: 'wholeSeconds', label: 'import and tables', unit: 's' },
    ],
  },
  {
    file: 'report.ts',
    title: 'The report of 90 days',
    text: 'A lake of 180 days and 445,000 rows on DuckDB: every analysis over the last 90 days, the overview over those before as well, all drawings, one HTML file.',
    rows: [
      { figure: 'seconds', label: 'queries, drawings and file', unit: 's', atMost: 5 },
      { figure: 'megabytes', label: 'size of the file', unit: 'MB', atMost: 2 },
      { figure: 'rss', label: 'peak memory', unit: 'MB' },
    ],
  },
  {
    file: 'analyses.ts',
    title: 'The analyses over a million rows',
    text: 'Each analysis over 90 days, on DuckDB in one process, from the call to the rows in JavaScript. Half of the texts are like no other.',
    rows: [
      { figure: 'rows', label: 'rows', unit: 'million', atLeast: 1 },
      ...(await loadAnalyses(SQL_FOLDER)).map(({ name }) => ({
        figure: name,
        label: `\`${name}\``,
        unit: 's',
        atMost: 1,
      })),
    ],
  },
  {
    file: 'start.ts',
    title: 'From `npm start` to a usable page',
    text: 'Until the page, its status and the first analysis have answered. First start: the sample lake of 60 days is made. The peer is the second start, which finds it.',
    rows: [
      {
        figure: 'first',
        label: 'first start',
        unit: 's',
        atMost: 10,
        peers: [{ figure: 'second', label: 'the second start' }],
      },
    ],
  },
];
