import { describe, expect, test } from '@jest/globals';

import { DayError } from '../../../src/lake/days.ts';
import { makeReport, usualPeriod } from '../../../src/report/report.ts';
import { type Script, scriptedEngine } from '../../support/scriptedEngine.ts';

const ZONE = 'America/Sao_Paulo';
const NOW = Date.parse('2026-11-22T02:30:00Z');
const PERIOD = { from: '2026-11-15', to: '2026-11-21' };
const NASTY = '<script>alert("x")</script><img src=http://evil.example/a onerror=alert(1)>';

const NAMES = [
  'overview',
  'messages_per_day',
  'messages_per_user_per_day',
  'messages_per_hour_and_weekday',
  'messages_heat_map',
  'busiest_chats',
  'unanswered_questions',
  'top_topics',
  'fallback_rate_per_day',
  'data_quality_per_day',
] as const;

const SCRIPT: Script = {
  overview: ({ period }) => [
    period?.from === PERIOD.from
      ? [1234, 12, 16, 0.75, 0.0625, 0.4, 3.25]
      : [1000, 12, 0, null, null, 1, 1],
  ],
  messages_per_day: () => [
    ['2026-11-20', 700],
    ['2026-11-19', 534],
  ],
  messages_per_user_per_day: () => [[7, NASTY, '2026-11-20', 3]],
  messages_heat_map: () => [[1, 9, 40]],
  busiest_chats: () => [[-100, NASTY, 'supergroup', 12, 3]],
  unanswered_questions: () => [
    ['key', `${NASTY}\n${'a'.repeat(4000)}`, 3, 2, '2026-11-20T18:30:00'],
  ],
  top_topics: () => [
    ['horario', 9, 0.5, 4],
    ['/start', 3, 0.2, 3],
  ],
  fallback_rate_per_day: () => [['2026-11-20', 16, 12, 2, 1, 1, 0.75, 0.0625]],
};

function make(
  options: Partial<Parameters<typeof makeReport>[0]> & { readonly script?: Script } = {},
) {
  return makeReport({
    engine: scriptedEngine(NAMES, options.script ?? SCRIPT),
    period: PERIOD,
    zone: ZONE,
    now: NOW,
    language: 'pt',
    subject: '@loja_bot',
    topicTitle: (intent) =>
      intent === 'horario' ? { pt: 'Horário da loja', en: 'Opening hours' } : null,
    ...options,
  });
}

describe('the report', () => {
  test('is one file that loads nothing and runs nothing', async () => {
    const { html, fileName } = await make();
    expect(fileName).toBe('report-2026-11-15-2026-11-21.html');
    expect(html).toMatch(/^<!doctype html>\n<html lang="pt-BR">/);
    expect(html).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    );
    const elements = new Set(Array.from(html.matchAll(/<([a-z0-9]+)/gi), ([, name]) => name));
    for (const name of ['script', 'link', 'img', 'iframe', 'object', 'base', 'form']) {
      expect(elements).not.toContain(name);
    }
    expect(/\s(?:src|href|xlink:href|action)="(?!#)/.exec(html)).toBeNull();
    expect(/url\((?!#)|@import/.exec(html)).toBeNull();
  });

  test('escapes all that people wrote, in tables and in drawings', async () => {
    const { html } = await make();
    expect(/<script|<img|onerror=alert\(1\)>/i.exec(html)).toBeNull();
    // The chart's label, its legend, the table's cells.
    expect(html.match(/&lt;script&gt;/g)?.length).toBeGreaterThanOrEqual(4);
    const subject = (await make({ subject: NASTY })).html;
    expect(/<script|<img/i.exec(subject)).toBeNull();
  });

  test('says days, zone, numbers and changes in Portuguese', async () => {
    const { html } = await make();
    expect(html).toContain('<h1>Relatório: @loja_bot</h1>');
    expect(html).toContain('dom., 15 de nov. de 2026 a sáb., 21 de nov. de 2026 (7 dias)');
    expect(html).toContain(
      'Dias e horas em America/Sao_Paulo · feito em 21 de nov. de 2026, 23:30',
    );
    expect(html).toContain('em relação a dom., 8 de nov. de 2026 a sáb., 14 de nov. de 2026');
    expect(html).toContain('<div class="value">1.234</div>');
    expect(html).toContain('<span class="hidden">subiu</span> 23,4%');
    expect(html).toContain('<div class="value">6,3%</div>');
    expect(html).toContain('nada com que comparar');
    expect(html).toContain('O último dia na tabela é sex., 20 de nov. de 2026');
    expect(html).toContain('Horário da loja');
    expect(html).not.toContain('>horario<');
  });

  test('… and in English', async () => {
    const { html } = await make({ language: 'en' });
    expect(html).toContain('<html lang="en-GB">');
    expect(html).toContain('<h2 id="activity">What happened</h2>');
    expect(html).toContain('<div class="value">1,234</div>');
    expect(html).toContain('Opening hours');
    expect(html).toContain('The last day in the table is Fri, 20 Nov 2026');
  });

  test('says once that there is nothing to compare with', async () => {
    const { html } = await make({
      language: 'en',
      script: {
        ...SCRIPT,
        overview: ({ period }) => [
          period?.from === PERIOD.from
            ? [1234, 12, 16, 0.75, 0.0625, 0.4, 3.25]
            : [0, 0, 0, null, null, null, null],
        ],
      },
    });
    expect(html).toContain('nothing is known of Sun, 8 Nov 2026 to Sat, 14 Nov 2026');
    expect(html).not.toContain('nothing to compare with');
  });

  test('draws each analysis once, with its question, and tables beneath', async () => {
    const { html } = await make();
    expect(html).toContain('aria-label="Gráfico: Mensagens por dia"');
    expect(html).toContain('aria-label="Tabela: Mensagens por dia"');
    // Weeks told apart are for those who ask; here they would be the same drawing again.
    expect(html).not.toContain('Mensagens por hora e dia da semana');
    expect(html.match(/<svg /g)).toHaveLength(6);
    expect(/ecmeta|CDATA/.exec(html)).toBeNull();
  });

  test('shows the first rows of a long result, and texts of a bearable length', async () => {
    const rows = Array.from({ length: 300 }, (_, index) => [
      `2026-${String(1 + (index % 12)).padStart(2, '0')}-01`,
      index,
    ]);
    const { html } = await make({ script: { ...SCRIPT, messages_per_day: () => rows } });
    expect(html).toContain('as primeiras 5 de 300 linhas');
    expect(html).not.toContain('a'.repeat(161));
    expect(html.length).toBeLessThan(2_000_000);
  });

  test('narrows what can be narrowed to chats, and says what cannot', async () => {
    const engine = scriptedEngine(NAMES, SCRIPT);
    const { html } = await make({ engine, chats: [5, -6] });
    const narrowed = engine.asked.filter(({ scope }) => scope.chats?.length === 2);
    expect(narrowed.map(({ name }) => name)).toContain('messages_per_day');
    expect(narrowed.map(({ name }) => name)).not.toContain('data_quality_per_day');
    expect(html).toContain('Só estas conversas: 5, -6.');
    expect(html.match(/Conta todas as conversas\./g)).toHaveLength(1);
  });

  test('of days that hold nothing says so, and what to do', async () => {
    const made = await make({
      script: { overview: () => [[0, 0, 0, null, null, null, null]] },
      language: 'en',
    });
    expect(made).toMatchObject({ isEmpty: true, lastClosed: null });
    expect(made.html).toContain('Nothing in this period.');
    expect(made.html).toContain('chatbot etl --from');
    expect(made.html).not.toContain('<section');
  });

  test('refuses days that are reversed or have not begun; today is one that has', async () => {
    await expect(make({ period: { from: PERIOD.to, to: PERIOD.from } })).rejects.toThrow(
      '2026-11-21 is after 2026-11-15; put the earlier day first.',
    );
    await expect(make({ period: { from: '2026-11-22', to: '2026-11-30' } })).rejects.toThrow(
      '2026-11-22 is in the future: today is 2026-11-21 in America/Sao_Paulo.',
    );
    await expect(make({ period: { from: '2026-11-31', to: '2026-11-31' } })).rejects.toThrow(
      DayError,
    );
    await make({ period: { from: '2026-11-21', to: '2026-11-30' } });
  });

  test('is made though one analysis fails, and says so in its place', async () => {
    const fails: Script = {
      ...SCRIPT,
      top_topics: () => {
        throw new Error('Query exhausted <resources>');
      },
    };
    const { html, failures } = await make({ script: fails });
    expect(failures).toEqual([{ name: 'top_topics', reason: 'Query exhausted <resources>' }]);
    expect(html).toContain('Não foi possível perguntar isto: Query exhausted &lt;resources&gt;');
  });

  test('is not made when nothing can be asked', async () => {
    const fail = () => {
      throw new Error('There is no such workgroup.');
    };
    const all = Object.fromEntries(NAMES.map((name) => [name, fail]));
    await expect(make({ script: all })).rejects.toThrow('There is no such workgroup.');
  });

  test('usually has the last thirty days that are over, in the lake’s zone', () => {
    expect(usualPeriod(NOW, ZONE)).toEqual({ from: '2026-10-22', to: '2026-11-20' });
    expect(usualPeriod(NOW, 'UTC', 1)).toEqual({ from: '2026-11-21', to: '2026-11-21' });
  });
});
