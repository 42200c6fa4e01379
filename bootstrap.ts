import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { App } from 'cdktf';

import { BootstrapStack } from './infra/bootstrap.ts';
import { loadConfig } from './src/config/load.ts';

/* What exists once per account and region, see docs/aws.md: npm run bootstrap */

const folder = fileURLToPath(new URL('.', import.meta.url));

const app = new App();
new BootstrapStack(app, { config: loadConfig({ folder, env: process.env }) });
app.synth();
