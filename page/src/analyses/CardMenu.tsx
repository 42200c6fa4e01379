import { ActionIcon, Menu } from '@mantine/core';
import {
  IconDots,
  IconFileTypeCsv,
  IconJson,
  IconPhoto,
  IconTable,
  IconTerminal2,
  IconVector,
} from '@tabler/icons-react';
import { Link } from 'wouter';
import type { AnalysisResult, LakeStatus } from '../../../src/local/api.ts';
import { consoleHref } from '../console/sqlInUrl.ts';
import { useLanguage } from '../i18n/language.tsx';
import type { Analysis } from './analysis.ts';
import { exportHref } from './exportHref.ts';
import type { Scope } from './scope.ts';
import { withTopicTitles } from './topicTitles.ts';
import type { TopicTitle } from './topicTitles.ts';
import { useSaveChart } from './useSaveChart.ts';

const FILES = { csv: IconFileTypeCsv, json: IconJson, parquet: IconTable } as const;
const PICTURES = { png: IconPhoto, svg: IconVector } as const;

/** What one can take from a card: its rows as a file, its chart as a picture, its query. */
export function CardMenu(props: {
  readonly analysis: Analysis;
  readonly lake: LakeStatus;
  readonly lastClosed: string;
  readonly scope: Scope;
  readonly topicTitle: TopicTitle;
  readonly result: AnalysisResult | undefined;
  readonly query: URLSearchParams;
  /** The query as it is asked; null until that is known. */
  readonly sql: string | null;
}) {
  const { analysis, lake, result, query, scope } = props;
  const { text, language } = useLanguage();
  const words = text.analyses;
  const save = useSaveChart();
  const hasChart = analysis.chart.kind !== 'table';
  const path = `/api/lakes/${lake.id}/analyses/${analysis.name}/export`;
  return (
    <Menu position="bottom-end" width={232} returnFocus>
      <Menu.Target>
        <ActionIcon
          size={32}
          variant="subtle"
          color="gray"
          aria-label={words.more(analysis.title[language])}
        >
          <IconDots size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.saveRows}</Menu.Label>
        {Object.entries(FILES).map(([format, Icon]) => (
          <Menu.Item
            key={format}
            component="a"
            href={exportHref(path, query, format, language)}
            download
            leftSection={<Icon size={16} stroke={1.6} aria-hidden />}
          >
            {words.formats[format as keyof typeof FILES]}
          </Menu.Item>
        ))}
        {hasChart && (
          <>
            <Menu.Label>{words.saveChart}</Menu.Label>
            {Object.entries(PICTURES).map(([format, Icon]) => (
              <Menu.Item
                key={format}
                disabled={!result || result.rows.length === 0}
                leftSection={<Icon size={16} stroke={1.6} aria-hidden />}
                onClick={() => {
                  if (!result) return;
                  void save(format as keyof typeof PICTURES, {
                    analysis,
                    result: withTopicTitles(result, props.topicTitle, language),
                    period: scope.period,
                    lastClosed: props.lastClosed,
                  });
                }}
              >
                {words.formats[format as keyof typeof PICTURES]}
              </Menu.Item>
            ))}
          </>
        )}
        <Menu.Divider />
        {props.sql === null ? (
          <Menu.Item disabled leftSection={<IconTerminal2 size={16} stroke={1.6} aria-hidden />}>
            {words.openConsole}
          </Menu.Item>
        ) : (
          <Menu.Item
            component={Link}
            href={consoleHref(lake.id, props.sql)}
            leftSection={<IconTerminal2 size={16} stroke={1.6} aria-hidden />}
          >
            {words.openConsole}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
