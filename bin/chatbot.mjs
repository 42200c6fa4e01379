#!/usr/bin/env node
import process from 'node:process';

import { register } from 'tsx/esm/api';

// The sources run as they are, so there is nothing to build before a command and nothing stale.
register();
// It would say before each command on AWS that versions of it that are not used here need a later Node.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
await import('../src/cli/main.ts');
