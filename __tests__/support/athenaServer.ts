import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Athena is told to say of a query, look by look; the last one is said from then on. */
export interface ScriptedQuery {
  readonly looks: readonly {
    readonly state: 'CANCELLED' | 'FAILED' | 'QUEUED' | 'RUNNING' | 'SUCCEEDED';
    readonly reason?: string;
    readonly bytes?: number;
  }[];
  readonly columns?: readonly (readonly [name: string, type: string])[];
  readonly rows?: readonly (readonly (string | null)[])[];
  /** Whether the result is one of an earlier run. */
  readonly reused?: boolean;
}

/** A refusal, as AWS words it. */
interface Refusal {
  readonly type: string;
  readonly message: string;
}

/** A stand-in for Athena that answers as AWS does, errors included. */
export interface AthenaServer {
  readonly url: string;
  /** All calls so far: what was asked, with its parameters. */
  readonly calls: { readonly action: string; readonly body: Record<string, unknown> }[];
  /** What the next queries give, by their SQL. */
  script: (sql: string) => ScriptedQuery | Refusal;
  /** What the calls of a kind get instead of an answer. */
  readonly refusals: Map<string, Refusal>;
  readonly stop: () => Promise<void>;
}

/** As GetQueryResults gives a row: a null has no VarCharValue. */
const dataOf = (row: readonly (string | null)[]) => ({
  Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
});

export async function startAthena(): Promise<AthenaServer> {
  const queries = new Map<string, { query: ScriptedQuery; looks: number }>();
  const calls: AthenaServer['calls'] = [];
  const refused = ({ type, message }: Refusal): [number, unknown] => [
    400,
    { __type: type, message },
  ];

  const answers: Record<string, (body: Record<string, unknown>) => [number, unknown]> = {
    StartQueryExecution: ({ QueryString }) => {
      const query = athena.script(String(QueryString));
      if ('type' in query) return refused(query);
      const QueryExecutionId = `query-${queries.size + 1}`;
      queries.set(QueryExecutionId, { query, looks: 0 });
      return [200, { QueryExecutionId }];
    },
    GetQueryExecution: ({ QueryExecutionId }) => {
      const known = queries.get(String(QueryExecutionId));
      const { looks, reused = false } = known?.query ?? { looks: [] };
      const look = looks[Math.min(known?.looks ?? 0, looks.length - 1)];
      if (known) known.looks += 1;
      return [
        200,
        {
          QueryExecution: {
            QueryExecutionId,
            Status: { State: look?.state, StateChangeReason: look?.reason },
            Statistics: {
              DataScannedInBytes: look?.bytes,
              ResultReuseInformation: { ReusedPreviousResult: reused },
            },
          },
        },
      ];
    },
    GetQueryResults: ({ QueryExecutionId, MaxResults, NextToken }) => {
      const { columns = [], rows = [] } = queries.get(String(QueryExecutionId))?.query ?? {};
      const all = [columns.map(([name]) => name), ...rows];
      const from = Number(NextToken ?? 0);
      const to = from + Number(MaxResults);
      return [
        200,
        {
          ResultSet: {
            Rows: all.slice(from, to).map(dataOf),
            ResultSetMetadata: {
              ColumnInfo: columns.map(([Name, Type]) => ({ Name, Label: Name, Type })),
            },
          },
          ...(to < all.length && { NextToken: String(to) }),
        },
      ];
    },
    StopQueryExecution: () => [200, {}],
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const action = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      calls.push({ action, body });
      const refusal = athena.refusals.get(action);
      const [status, answered] = refusal
        ? refused(refusal)
        : (answers[action]?.(body) ?? [400, { __type: 'UnknownOperationException' }]);
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(answered));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const athena: AthenaServer = {
    url: `http://127.0.0.1:${port}`,
    calls,
    script: () => ({ looks: [{ state: 'SUCCEEDED', bytes: 0 }] }),
    refusals: new Map(),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return athena;
}
