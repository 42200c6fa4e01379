/**
 * The arrows of the design: local, cli → functions → bot, lake, analytics → telegram, config.
 * The page talks to local over HTTP; it shares the types of its API, and how charts are drawn.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'foundation-knows-nobody',
      comment: 'telegram and config are the ground floor.',
      severity: 'error',
      from: { path: '^src/(telegram|config)/' },
      to: { path: '^(src/(bot|lake|analytics|charts|report|local|cli)|functions|page)/' },
    },
    {
      name: 'middle-floor-looks-down',
      comment: 'bot, lake and analytics never reach up into a function, a server or a command.',
      severity: 'error',
      from: { path: '^src/(bot|lake|analytics)/' },
      to: { path: '^(src/(charts|report|local|cli)|functions|page)/' },
    },
    {
      name: 'charts-are-only-drawn',
      comment:
        'Charts are drawn in browsers too: they know days, and nothing of a lake or a machine.',
      severity: 'error',
      from: { path: '^src/charts/' },
      to: { path: '^(src|functions|page)/', pathNot: '^src/(charts/|lake/days\\.ts$)' },
    },
    {
      name: 'report-looks-down',
      comment: 'The report is made of analyses and charts, wherever it is asked for.',
      severity: 'error',
      from: { path: '^src/report/' },
      to: { path: '^(src/(local|cli)|functions|page)/' },
    },
    {
      name: 'functions-stand-alone',
      comment: 'A function is bundled on its own; it runs without the one-machine edition.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(src/(local|cli)|page)/' },
    },
    {
      name: 'functions-share-through-src',
      comment: 'What two functions need stands in src/.',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/', pathNot: '^functions/$1/' },
    },
    {
      name: 'local-below-cli',
      severity: 'error',
      from: { path: '^src/local/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'page-shares-types-and-charts',
      severity: 'error',
      from: { path: '^page/' },
      to: { path: '^(src|functions)/', pathNot: '^src/(local/api\\.ts$|charts/)' },
    },
    {
      name: 'only-handlers-know-aws-events',
      severity: 'error',
      from: { path: '^(src|functions)/', pathNot: '^(functions/[^/]+/handler\\.ts|src/local/)' },
      to: { path: 'node_modules/@types/aws-lambda' },
    },
    {
      name: 'servers-only-in-local',
      severity: 'error',
      from: { path: '^(src|functions)/', pathNot: '^src/local/' },
      to: { path: 'node_modules/(hono|@hono)/' },
    },
    {
      name: 'dates-in-one-place',
      comment: 'Days, ranges and zones live in src/lake/days.ts.',
      severity: 'error',
      from: { path: '^(src|functions)/', pathNot: '^src/lake/days\\.ts$' },
      to: { path: 'node_modules/(date-fns|@date-fns)/' },
    },
    {
      name: 'infra-reads-facts',
      comment: 'infra knows the configuration, the column lists, keys, days, analyses and views.',
      severity: 'error',
      from: { path: '^infra/' },
      to: {
        path: '^(src|functions|page|scripts|localstack)/',
        pathNot: '^src/(config/|lake/(columns|days|keys)\\.ts$|analytics/(analyses|views)\\.ts$)',
      },
    },
    {
      name: 'infra-alone-knows-cdktf',
      severity: 'error',
      from: { path: '^(src|functions|page|bench|localstack)/' },
      to: { path: '(^infra/|node_modules/(cdktf|constructs|@cdktf)/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json', '.d.ts'] },
  },
};
