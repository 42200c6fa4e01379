#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// The sources run as they are, so there is nothing to build before a command and nothing stale.
register();
await import('../src/cli/main.ts');
