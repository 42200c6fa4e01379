import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { App } from 'cdktf';

import { ChatbotStack } from './infra/stack.ts';
import { loadViews } from './infra/views.ts';
import { bundleFunction } from './scripts/bundle.ts';
import { loadAnalyses } from './src/analytics/analyses.ts';
import { loadConfig } from './src/config/load.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const config = loadConfig({ folder, env: process.env });

const app = new App();
new ChatbotStack(app, {
  config,
  code: {
    webhook: await bundleFunction('webhook'),
    etl: await bundleFunction('etl'),
    report: await bundleFunction('report'),
    writer: await bundleFunction('writer'),
  },
  queries: await loadAnalyses(`${folder}/sql`),
  views: await loadViews(`${folder}/sql/views`),
});
app.synth();
