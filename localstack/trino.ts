import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { type Emulator, environmentOf } from './emulator.ts';
import { findJava } from './java.ts';
import { freePort, startServer } from './server.ts';
import { TrinoClient } from './trinoClient.ts';

/** Where `npm run setup:trino` puts it. */
const HOME = fileURLToPath(new URL('../.cache/trino', import.meta.url));

/** How to get what {@link whyNoTrino} misses. */
export const HOW_TO_GET_TRINO =
  'npm run setup:trino (450 MB; it takes a Java that is new enough from this machine, or brings one)';

/** Name of the catalogue, as Athena has it: the views that Terraform makes name it. */
const CATALOG = 'awsdatacatalog';

/** What a running Trino is asked through. */
export interface Trino {
  /** Asks schema `default` of the files, or the emulator's database. */
  readonly client: TrinoClient;
  /** What it has written so far. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** What a Trino server looks into: a folder of this machine, or an emulator's Glue and S3. */
export type TrinoLake =
  | { readonly folder: string }
  | { readonly emulator: Pick<Emulator, 'certificate' | 'endpoint'>; readonly database: string };

/** What is missing for {@link startTrino}, in words; null when nothing is. */
export function whyNoTrino(): string | null {
  if (!existsSync(join(HOME, 'plugin', 'hive'))) return 'Trino';
  return findJava() === null ? 'a Java for Trino' : null;
}

type Properties = Readonly<Record<string, boolean | number | string>>;

function propertiesFile(properties: Properties): string {
  const lines = Object.entries(properties).map(([key, value]) => {
    // How java.util.Properties reads a backslash.
    const escaped = String(value).replaceAll('\\', String.raw`\\`);
    return `${key}=${escaped}\n`;
  });
  return lines.join('');
}

/** Partitions as Athena has them: made up from the table's properties, and empty where no folder is. */
const PROJECTION: Properties = {
  'connector.name': 'hive',
  'hive.partition-projection-enabled': true,
  'hive.ignore-absent-partitions': true,
};

function catalogOf(lake: TrinoLake): Properties {
  if ('folder' in lake) {
    return {
      ...PROJECTION,
      'hive.metastore': 'file',
      'hive.metastore.catalog.dir': 'local:///.metastore',
      // Tables over files that lie there already.
      'hive.non-managed-table-writes-enabled': true,
      'fs.native-local.enabled': true,
      'local.location': resolve(lake.folder),
    };
  }
  const variables = environmentOf(lake.emulator);
  const [region = '', key = '', secret = ''] = ['REGION', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY'].map(
    (name) => variables[`AWS_${name}`],
  );
  return {
    ...PROJECTION,
    'hive.metastore': 'glue',
    'hive.metastore.glue.endpoint-url': lake.emulator.endpoint,
    'hive.metastore.glue.region': region,
    'hive.metastore.glue.aws-access-key': key,
    'hive.metastore.glue.aws-secret-key': secret,
    'fs.native-s3.enabled': true,
    's3.endpoint': lake.emulator.endpoint,
    's3.path-style-access': true,
    's3.region': region,
    's3.aws-access-key': key,
    's3.aws-secret-key': secret,
  };
}

const infoSchema = z.object({ starting: z.boolean() });

async function isReady(endpoint: string): Promise<boolean> {
  const response = await fetch(`${endpoint}/v1/info`);
  return !infoSchema.parse(await response.json()).starting;
}

/**
 * Starts a Trino server, the engine under Athena, on a port of its own that only this machine
 * reaches. It takes some ten seconds and up to 1.5 GB of memory.
 *
 * @throws Error that says what is missing and how to get it, or what the server has written
 */
export async function startTrino(lake: TrinoLake): Promise<Trino> {
  const missing = whyNoTrino();
  const java = findJava();
  if (missing !== null || java === null) {
    throw new Error(`${missing ?? 'Java'} is not here. To get it: ${HOW_TO_GET_TRINO}`);
  }
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'trino-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const catalogs = join(folder, 'catalog');
    await mkdir(catalogs);
    const config = join(folder, 'config.properties');
    await writeFile(
      config,
      propertiesFile({
        coordinator: true,
        'node-scheduler.include-coordinator': true,
        'node.internal-address': '127.0.0.1',
        'http-server.http.port': port,
        'discovery.uri': endpoint,
        'plugin.dir': join(HOME, 'plugin'),
        'catalog.config-dir': catalogs,
        'catalog.management': 'static',
      }),
    );
    await writeFile(join(catalogs, `${CATALOG}.properties`), propertiesFile(catalogOf(lake)));
    const server = await startServer({
      name: 'Trino',
      command: java,
      args: [
        ...[
          '-Xmx1500M',
          '-XX:+UseSerialGC',
          '-XX:TieredStopAtLevel=1',
          '-XX:+ExitOnOutOfMemoryError',
        ],
        '--enable-native-access=ALL-UNNAMED',
        '--sun-misc-unsafe-memory-access=allow',
        '--add-opens=java.base/java.nio=ALL-UNNAMED',
        '-Djdk.attach.allowAttachSelf=true',
        `-Djava.io.tmpdir=${folder}`,
        // As Athena's sessions have it.
        '-Duser.timezone=UTC',
        '-Dnode.environment=test',
        '-Dnode.id=one',
        `-Dnode.data-dir=${folder}`,
        `-Dconfig=${config}`,
        ...['-cp', join(HOME, 'lib', '*'), 'io.trino.server.TrinoServer'],
      ],
      env: { PATH: process.env['PATH'], HOME: folder },
      isReady: () => isReady(endpoint),
    });
    const schema = 'database' in lake ? lake.database : 'default';
    const client = new TrinoClient(endpoint, CATALOG, schema);
    if ('folder' in lake) {
      await client.run(`CREATE SCHEMA IF NOT EXISTS ${schema} WITH (location = 'local:///')`);
    }
    return {
      client,
      output: server.output,
      stop: async () => {
        await server.stop();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}
