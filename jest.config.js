import process from 'node:process';

// The AWS SDK's word on later versions of it, which nobody asked for, in the middle of the results.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** One transform for all projects: swc strips the types and keeps native ES modules. */
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
    ],
  },
};

/** @param {string} name of the project and of its folder under __tests__ */
const project = (name) => ({
  ...common,
  displayName: name,
  testMatch: [`<rootDir>/__tests__/${name}/**/*.test.ts`],
});

/** @type {import('jest').Config} */
export default {
  projects: ['unit', 'stack', 'integration', 'browser', 'emulator', 'trino'].map(project),
  globalSetup: '<rootDir>/__tests__/support/runFolder/make.mjs',
  globalTeardown: '<rootDir>/__tests__/support/runFolder/remove.mjs',
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts', 'functions/**/*.ts', '!src/local/api.ts'],
  coverageReporters: ['text', 'lcov'],
  // As many as there are processors: Jest would keep one free, and much of this is waiting.
  maxWorkers: '100%',
  // Long enough for the whole stack on a slow machine that does something else as well. Only a broken
  // program needs it, so no test has a time of its own.
  testTimeout: 600_000,
};
