/** Attributes of an alarm that MiniStack does not tell: it knows only some when it is asked. */
export const ALARM_DRIFT: readonly string[] = [
  'actions_enabled',
  'alarm_actions',
  'alarm_description',
  'dimensions',
  'ok_actions',
  'period',
  'statistic',
  'treat_missing_data',
];
