/**
 * The endpoint as a process of its own, so that its work is not counted as the client's. Prints
 * `{"endpoint": …, "ca": <PEM or null>}` and serves until its input ends; then it prints what it has
 * counted, and its own CPU time in seconds.
 *
 * `serve.ts <objects> <latency ms> <http|https>`
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { dayObjects } from './dayObjects.ts';
import { startS3Server } from './server.ts';

/** A certificate for 127.0.0.1, made for this process. */
function makeCertificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'bench-s3-'));
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  try {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-days', '1', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
        ...['-keyout', key, '-out', cert],
      ],
      { stdio: 'ignore' },
    );
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [count = '1000', latency = '20', protocol = 'https'] = process.argv.slice(2);
const tls = protocol === 'https' ? makeCertificate() : undefined;
const server = await startS3Server({
  latency: Number(latency),
  objects: dayObjects(Number(count)),
  ...(tls && { tls }),
});
process.stdout.write(`${JSON.stringify({ endpoint: server.endpoint, ca: tls?.cert ?? null })}\n`);
process.stdin.resume().on('end', () => {
  const { user, system } = process.cpuUsage();
  const counted = { ...server.counts, peak: server.peak(), cpu: (user + system) / 1e6 };
  process.stdout.write(`${JSON.stringify(counted)}\n`, () => {
    process.exit(0);
  });
});
