import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { KnowledgeError, loadKnowledge } from '../../../src/bot/knowledge.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knowledge-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A topic without mistakes. */
const PIX = `title:
  pt: Pix
menu: 2
pt:
  questions:
    - Aceitam Pix?
    - pix
  answer: |
    Sim!
    A chave está no site.
follow_ups:
  - troca
`;

/** Another, in both languages. */
const TROCA = `# Trocas e devoluções
title: { pt: Trocas, en: Exchanges }
menu: 1
role: contact
pt:
  questions:
    - Posso trocar?
  answer: Sim, em 30 dias.
en:
  questions:
    - Can I exchange it?
  answer: Yes, within 30 days.
`;

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

/** What is wrong with the folder, as `file:line: message` without the folder's path. */
async function mistakes(): Promise<readonly string[]> {
  const error: unknown = await loadKnowledge(folder).catch((reason: unknown) => reason);
  if (!(error instanceof KnowledgeError)) throw new Error('the knowledge base has no mistake');
  return error.mistakes.map(
    ({ file, line, message }) => `${file.slice(folder.length + 1)}:${line}: ${message}`,
  );
}

describe('loadKnowledge', () => {
  test('reads each file as a topic', async () => {
    await write({
      'troca.yaml': TROCA,
      'pix.yaml': PIX,
      'README.md': 'not a topic',
      '.x.yaml': ':',
    });
    const knowledge = await loadKnowledge(folder);
    expect([...knowledge.topics.keys()]).toEqual(['pix', 'troca']);
    expect(knowledge.topics.get('pix')).toEqual({
      id: 'pix',
      title: { pt: 'Pix', en: 'Pix' },
      speech: {
        pt: { questions: ['Aceitam Pix?', 'pix'], answer: 'Sim!\nA chave está no site.' },
      },
      followUps: ['troca'],
    });
    expect(knowledge.menu.map(({ id }) => id)).toEqual(['troca', 'pix']);
    expect(knowledge.contact?.id).toBe('troca');
    expect(knowledge.greeting).toBeNull();
    expect(knowledge.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('the hash tells the content, not the way it is written', async () => {
    await write({ 'troca.yaml': TROCA, 'pix.yaml': PIX });
    const { hash } = await loadKnowledge(folder);
    await write({
      'troca.yaml': `# changed\n${TROCA.replaceAll('\n', '\r\n')}`,
      'pix.yaml': `\uFEFF${PIX}`,
    });
    expect((await loadKnowledge(folder)).hash).toBe(hash);
    await write({ 'troca.yaml': TROCA.replace('em 30 dias', 'em 31 dias') });
    expect((await loadKnowledge(folder)).hash).not.toBe(hash);
  });

  test('the example of knowledge/README.md is a topic', async () => {
    const readme = await readFile('knowledge/README.md', 'utf8');
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(readme) ?? [];
    await write({ 'prazo-de-entrega.yaml': example, 'rastrear-pedido.yaml': TROCA });
    const { topics } = await loadKnowledge(folder);
    expect(topics.get('prazo-de-entrega')?.speech.pt?.questions).toHaveLength(2);
  });

  test('quotes keep what YAML has another meaning for', async () => {
    for (const text of ['Pix: aceitam?', 'Pedido #123', '@loja', '*pix*', '&c', '!pix', '#pix']) {
      await write({ 'troca.yaml': TROCA, 'pix.yaml': PIX.replace('- pix', `- '${text}'`) });
      const { topics } = await loadKnowledge(folder);
      expect(topics.get('pix')?.speech.pt?.questions[1]).toBe(text);
    }
  });

  test('the shop in knowledge/ has two dozen topics and more, in two languages', async () => {
    const { topics, greeting, contact, menu } = await loadKnowledge('knowledge');
    expect(topics.size).toBeGreaterThanOrEqual(24);
    for (const { speech } of topics.values()) {
      for (const language of ['pt', 'en'] as const) {
        expect(speech[language]?.questions.length).toBeGreaterThanOrEqual(8);
        expect(speech[language]?.questions.length).toBeLessThanOrEqual(15);
      }
    }
    expect(greeting?.id).toBe('saudacao');
    expect(contact?.id).toBe('falar-com-a-loja');
    // Small talk is not offered.
    expect([...topics.keys()].filter((id) => !menu.some((topic) => topic.id === id))).toEqual([
      'agradecimento-e-despedida',
      'saudacao',
    ]);
  });
});

describe('a mistake', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['an empty file', '', 'pix.yaml:1: the file holds no topic; copy the form of another file'],
    [
      'an unknown key at the top',
      `${PIX}language: pt\n`,
      'pix.yaml:13: there is no key "language"; correct its name or remove it, or put it in quotes if it is text',
    ],
    [
      'no title',
      PIX.replace('title:\n  pt: Pix\n', ''),
      'pix.yaml:1: there is no title; write it with pt: and en: below, indented by two spaces',
    ],
    [
      'no title in a language that it speaks',
      PIX.replace('  pt: Pix', '  en: Pix'),
      'pix.yaml:2: there is no title in pt, though there is an answer; write it',
    ],
    [
      'a title that no button holds',
      PIX.replace('pt: Pix', `pt: ${'Pix '.repeat(11)}`),
      'pix.yaml:2: the title is longer than 40 characters; shorten it',
    ],
    [
      'no language',
      'title: { pt: Pix }\n',
      'pix.yaml:1: there is neither pt: nor en:; write questions and answer in one of them',
    ],
    [
      'no answer',
      PIX.replace(/ {2}answer: \|\n.*\n.*\n/, ''),
      'pix.yaml:5: there is no answer; write one',
    ],
    [
      'an empty answer',
      PIX.replace(/answer: \|\n.*\n.*\n/, 'answer: |\n'),
      'pix.yaml:8: the answer is empty; write what the bot should say',
    ],
    [
      'an answer that Telegram refuses',
      PIX.replace('Sim!', 'Sim! '.repeat(900)),
      'pix.yaml:8: the answer is longer than the 4096 characters Telegram allows; shorten it or split the topic',
    ],
    [
      'questions that are no list',
      PIX.replace('    - Aceitam Pix?\n    - pix\n', ''),
      'pix.yaml:5: there is no list of questions; write one per line after "- "',
    ],
    [
      'an empty list of questions',
      PIX.replace('questions:\n    - Aceitam Pix?\n    - pix\n', 'questions: []\n'),
      'pix.yaml:5: there is no question; write at least one as a customer would',
    ],
    [
      'a question without words',
      PIX.replace('- pix', '- "???"'),
      'pix.yaml:7: the question has no words; write it as a customer would, or remove the line',
    ],
    [
      'a question that YAML takes for a number',
      PIX.replace('- pix', '- 123'),
      'pix.yaml:7: the question is not read as text; put it in quotes',
    ],
    [
      'a question with a colon',
      PIX.replace('- pix', '- Pix: aceitam?'),
      'pix.yaml:7: the question is not read as text; put it in quotes',
    ],
    [
      'a question that starts with an asterisk',
      PIX.replace('- pix', '- *pix*'),
      'pix.yaml:7: a text cannot start with "*"; put the text in quotes',
    ],
    [
      'a question that starts with @',
      PIX.replace('- pix', '- @loja aceita?'),
      'pix.yaml:7: a text cannot start with this character; put the text in quotes',
    ],
    [
      'a question that starts with an exclamation mark',
      PIX.replace('- pix', '- !pix'),
      'pix.yaml:7: Unresolved tag: !pix; put the text in quotes',
    ],
    [
      'a second colon in a line',
      PIX.replace('pt: Pix', 'pt: Pix: como pagar'),
      'pix.yaml:2: there is a second ": " in the line; put the text in quotes',
    ],
    [
      'a tab',
      PIX.replace('    - pix', '\t- pix'),
      'pix.yaml:7: a tab indents the line; use spaces',
    ],
    [
      'a wrong indentation',
      PIX.replace('  answer', '   answer'),
      'pix.yaml:8: the line is not indented like those it belongs to; align it with spaces',
    ],
    [
      'a key twice',
      `${PIX}menu: 3\n`,
      'pix.yaml:13: this key stands here twice; merge the two or remove one',
    ],
    [
      'two topics in a file',
      `${PIX}---\n${PIX}`,
      'pix.yaml:13: a line "---" starts a second topic; move it to a file of its own',
    ],
    [
      'a follow-up that is no topic',
      PIX.replace('- troca', '- trocas'),
      'pix.yaml:12: there is no topic "trocas"; name a file of this folder without its .yaml',
    ],
    [
      'a follow-up to itself',
      PIX.replace('- troca', '- pix'),
      'pix.yaml:12: "pix" follows up on itself; name another topic',
    ],
    [
      'follow-ups that are no list',
      PIX.replace('follow_ups:\n  - troca', 'follow_ups: troca'),
      'pix.yaml:11: follow_ups is no list; write one topic per line after "- "',
    ],
    [
      'a role that there is not',
      `${PIX}role: boss\n`,
      'pix.yaml:13: there is no such role; write greeting or contact, or remove the line',
    ],
    [
      'a menu that is no number',
      PIX.replace('menu: 2', 'menu: first'),
      'pix.yaml:3: menu is no whole number; write the place in the list, from 1',
    ],
    [
      'another encoding',
      Buffer.from(PIX.replace('está', 'estáá'), 'latin1'),
      'pix.yaml:1: the file is not in UTF-8; save it with the encoding UTF-8',
    ],
  ])('%s is named with its line and what to do', async (_, content, expected) => {
    await write({ 'troca.yaml': TROCA, 'pix.yaml': content });
    expect(await mistakes()).toEqual([expected]);
  });

  test('a misspelt key is named, and what is missing for it', async () => {
    await write({ 'troca.yaml': TROCA, 'pix.yaml': PIX.replace('questions:', 'perguntas:') });
    expect(await mistakes()).toEqual([
      'pix.yaml:5: there is no list of questions; write one per line after "- "',
      'pix.yaml:5: there is no key "perguntas"; correct its name or remove it, or put it in quotes if it is text',
    ]);
  });

  test('five follow-ups are too many', async () => {
    const follow = Array.from({ length: 5 }, () => '  - troca\n').join('');
    await write({ 'troca.yaml': TROCA, 'pix.yaml': PIX.replace('  - troca\n', follow) });
    expect(await mistakes()).toEqual([
      'pix.yaml:12: there are more than 4 follow-ups; keep the best',
    ]);
  });

  test('a question of two topics is named with both places', async () => {
    await write({ 'troca.yaml': TROCA, 'pix.yaml': PIX.replace('- pix', '- POSSO TROCAR??') });
    expect(await mistakes()).toEqual([
      `troca.yaml:7: "Posso trocar?" is also a question of ${join(folder, 'pix.yaml')}:7; keep it in one of them`,
    ]);
  });

  test('a role that two topics play is named', async () => {
    await write({ 'troca.yaml': TROCA, 'pix.yaml': `${PIX}role: contact\n` });
    expect(await mistakes()).toEqual([
      `troca.yaml:4: ${join(folder, 'pix.yaml')} has the role contact already; remove one of them`,
    ]);
  });

  test.each(['Pix.yaml', 'pix.yml', 'forma de pagar.yaml', 'preço.yaml', `${'a'.repeat(59)}.yaml`])(
    'the file name %s is',
    async (name) => {
      await write({ 'troca.yaml': TROCA, [name]: PIX });
      expect(await mistakes()).toEqual([
        `${name}:1: the file's name is not a-z, 0-9 and "-" (at most 58) and ".yaml"; rename it, for instance to prazo-de-entrega.yaml`,
      ]);
    },
  );

  test('all of them are named at once, in all files', async () => {
    await write({
      'a.yaml': PIX.replace('- troca', '- trocas').replace('menu: 2', 'menu: 0'),
      'b.yaml': '\tx: 1\n',
      'troca.yaml': TROCA.replace('Posso trocar?', 'pix'),
    });
    expect(await mistakes()).toEqual([
      'a.yaml:3: menu starts at 1; write the place in the list',
      'a.yaml:12: there is no topic "trocas"; name a file of this folder without its .yaml',
      'b.yaml:1: a tab indents the line; use spaces',
      `troca.yaml:7: "pix" is also a question of ${join(folder, 'a.yaml')}:7; keep it in one of them`,
    ]);
    await expect(loadKnowledge(folder)).rejects.toThrow(
      `${join(folder, 'b.yaml')}:1: a tab indents the line; use spaces`,
    );
  });

  test('an empty folder, and one that is not there, are named', async () => {
    await expect(loadKnowledge(folder)).rejects.toThrow(
      'the folder holds no topic; write one .yaml file per topic',
    );
    await expect(loadKnowledge(join(folder, 'nowhere'))).rejects.toThrow(
      'there is no such folder; make it, with one .yaml file per topic',
    );
  });
});
