import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, ErrorCode } from 'yaml';
import type { z } from 'zod';

import type { Language } from '../config/config.ts';
import { fold } from './fold.ts';
import { MAX_ID, topicSchema } from './knowledgeSchema.ts';

/** What the bot says about a topic in one language, and the questions it says it to. */
export interface Speech {
  readonly questions: readonly string[];
  readonly answer: string;
}

/** One thing the bot knows about. */
export interface Topic {
  /** Name of its file without `.yaml`; stands in the lake as `answer_intent`. */
  readonly id: string;
  /** What buttons say; where the topic does not speak a language, the title of the other. */
  readonly title: Readonly<Record<Language, string>>;
  /** One language at least. */
  readonly speech: Readonly<Partial<Record<Language, Speech>>>;
  /** Ids of the topics offered below the answer. */
  readonly followUps: readonly string[];
}

/** All that the bot knows. */
export interface Knowledge {
  /** By id, in the order of id. */
  readonly topics: ReadonlyMap<string, Topic>;
  /** Topics that /start and /help list, in that order. */
  readonly menu: readonly Topic[];
  /** Opens /start. */
  readonly greeting: Topic | null;
  /** Offered when the bot does not know. */
  readonly contact: Topic | null;
  /** SHA-256, hex, of what was understood: comments and line ends do not count. */
  readonly hash: string;
}

/** Something wrong in one file of the knowledge base. */
export interface Mistake {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** The knowledge base has mistakes: all of them, each with file, line and remedy. */
export class KnowledgeError extends Error {
  override readonly name = 'KnowledgeError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    const lines = mistakes.map(({ file, line, message }) => `${file}:${line}: ${message}`);
    super(`The knowledge base has mistakes.\n  ${lines.join('\n  ')}`);
    this.mistakes = mistakes;
  }
}

type Report = (line: number, message: string) => void;
type Path = readonly (number | string)[];

/** A file that is YAML, whatever it holds. */
interface Page {
  readonly file: string;
  readonly id: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly report: Report;
}

/** A text of a file and the line it starts on. */
interface Located {
  readonly text: string;
  readonly line: number;
}

/** What to do about the YAML mistakes that people make most. */
const YAML_REMEDIES: Partial<Record<ErrorCode, string>> = {
  TAB_AS_INDENT: 'a tab indents the line; use spaces',
  DUPLICATE_KEY: 'this key stands here twice; merge the two or remove one',
  BAD_INDENT: 'the line is not indented like those it belongs to; align it with spaces',
  BAD_SCALAR_START: 'a text cannot start with this character; put the text in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'there is a second ": " in the line; put the text in quotes',
  MISSING_CHAR: 'a quote, a bracket or a ":" is missing here or above; add it',
  MULTILINE_IMPLICIT_KEY: 'there is no ":" behind the key; add it',
  MULTIPLE_DOCS: 'a line "---" starts a second topic; move it to a file of its own',
  UNEXPECTED_TOKEN: 'a text goes on behind its closing quote; put all of it in quotes',
};

const LANGUAGES: readonly Language[] = ['pt', 'en'];

/** The node at a path, or its nearest parent that exists. */
function lineOf({ document, lines }: Page, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** The line of a key in the map at a path. */
function lineOfKey(page: Page, path: Path, key: string): number {
  const map = path.length === 0 ? page.document.contents : page.document.getIn(path, true);
  if (isMap(map)) {
    for (const pair of map.items) {
      if (isScalar(pair.key) && String(pair.key.value) === key && pair.key.range) {
        return page.lines.linePos(pair.key.range[0]).line;
      }
    }
  }
  return lineOf(page, path);
}

/** The texts of the list at a path; none where there is no list. */
function textsAt({ document, lines }: Page, path: Path): readonly Located[] {
  const list = document.getIn(path, true);
  if (!isSeq(list)) return [];
  return list.items.flatMap((item) =>
    isScalar(item) && typeof item.value === 'string' && item.range
      ? [{ text: item.value, line: lines.linePos(item.range[0]).line }]
      : [],
  );
}

/** Reads one file as YAML; null, with the reasons reported, when it is none. */
function readPage(file: string, bytes: Uint8Array, report: Report): Page | null {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    report(1, 'the file is not in UTF-8; save it with the encoding UTF-8');
    return null;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = [...document.errors, ...document.warnings];
  const reported = new Set<number>();
  for (const { code, message, pos } of problems) {
    const { line } = lines.linePos(pos[0]);
    // The first of a line is the cause, others are its consequences.
    if (reported.has(line)) continue;
    reported.add(line);
    report(line, YAML_REMEDIES[code] ?? `${message}; put the text in quotes`);
  }
  let aliases = 0;
  visit(document, {
    Alias: (_, { range }) => {
      aliases++;
      const line = range ? lines.linePos(range[0]).line : 1;
      report(line, 'a text cannot start with "*"; put the text in quotes');
    },
  });
  if (problems.length + aliases > 0) return null;
  return { file, id: basename(file, '.yaml'), document, lines, report };
}

/** Checks the form of one file. */
function readTopic(page: Page): z.infer<typeof topicSchema> | null {
  const result = topicSchema.safeParse(page.document.toJS());
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    // Keys of YAML maps are numbers and strings, so no path holds a symbol.
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        page.report(
          lineOfKey(page, path, key),
          `there is no key "${key}"; correct its name or remove it, or put it in quotes if it is text`,
        );
      }
    } else page.report(lineOf(page, path), issue.message);
  }
  return null;
}

/** Reports follow-ups that lead nowhere. */
function checkFollowUps(pages: readonly Page[], ids: ReadonlySet<string>): void {
  for (const page of pages) {
    for (const { text, line } of textsAt(page, ['follow_ups'])) {
      if (text === page.id) {
        page.report(line, `"${text}" follows up on itself; name another topic`);
      } else if (!ids.has(text)) {
        page.report(
          line,
          `there is no topic "${text}"; name a file of this folder without its .yaml`,
        );
      }
    }
  }
}

/** Reports questions that two topics claim: the bot could not tell which of them is meant. */
function checkQuestions(pages: readonly Page[]): void {
  const owners = new Map<string, { readonly page: Page; readonly line: number }>();
  for (const page of pages) {
    for (const language of LANGUAGES) {
      for (const { text, line } of textsAt(page, [language, 'questions'])) {
        const key = fold(text);
        const owner = owners.get(key);
        if (owner === undefined) owners.set(key, { page, line });
        else if (owner.page !== page && key !== '') {
          page.report(
            line,
            `"${text}" is also a question of ${owner.page.file}:${owner.line}; keep it in one of them`,
          );
        }
      }
    }
  }
}

/** Reports a role that two topics want to play. */
function checkRoles(pages: readonly Page[]): void {
  const players = new Map<string, Page>();
  for (const page of pages) {
    const role = page.document.get('role');
    if (typeof role !== 'string') continue;
    const player = players.get(role);
    if (player === undefined) players.set(role, page);
    else {
      page.report(
        lineOf(page, ['role']),
        `${player.file} has the role ${role} already; remove one of them`,
      );
    }
  }
}

/** The topic that a file describes. */
function toTopic(id: string, { title, pt, en, follow_ups }: z.infer<typeof topicSchema>): Topic {
  return {
    id,
    title: { pt: title.pt ?? title.en ?? id, en: title.en ?? title.pt ?? id },
    speech: { ...(pt && { pt }), ...(en && { en }) },
    followUps: follow_ups,
  };
}

/**
 * Reads the knowledge base: every `.yaml` file of a folder is a topic, named by its file.
 *
 * @param folder not searched below
 * @throws KnowledgeError that names all mistakes at once, each with file, line and remedy
 */
export async function loadKnowledge(folder: string): Promise<Knowledge> {
  const mistakes: Mistake[] = [];
  const reportIn =
    (file: string): Report =>
    (line, message) => {
      mistakes.push({ file, line, message });
    };

  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const message = 'there is no such folder; make it, with one .yaml file per topic';
    throw new KnowledgeError([{ file: folder, line: 1, message }]);
  });
  const pages: Page[] = [];
  const ids = new Set<string>();
  for (const name of names.filter((each) => /^[^.].*\.ya?ml$/i.test(each)).sort()) {
    const file = join(folder, name);
    const report = reportIn(file);
    const id = name.replace(/\.ya?ml$/i, '');
    if (!/^[a-z0-9]+(-[a-z0-9]+)*\.yaml$/.test(name) || id.length > MAX_ID) {
      report(
        1,
        `the file's name is not a-z, 0-9 and "-" (at most ${MAX_ID}) and ".yaml"; rename it, for instance to prazo-de-entrega.yaml`,
      );
    }
    ids.add(id);
    const page = readPage(file, await readFile(file), report);
    if (page) pages.push(page);
  }
  if (ids.size === 0) {
    reportIn(folder)(1, 'the folder holds no topic; write one .yaml file per topic');
  }

  const read = pages.flatMap((page) => {
    const topic = readTopic(page);
    return topic ? [{ id: page.id, ...topic }] : [];
  });
  checkFollowUps(pages, ids);
  checkQuestions(pages);
  checkRoles(pages);
  if (mistakes.length > 0) {
    throw new KnowledgeError(
      mistakes.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)),
    );
  }

  const topics = new Map(read.map((each) => [each.id, toTopic(each.id, each)]));
  const named = (role: string) =>
    topics.get(read.find((each) => each.role === role)?.id ?? '') ?? null;
  return {
    topics,
    menu: read
      .filter((each) => each.menu !== undefined)
      .sort((a, b) => (a.menu ?? 0) - (b.menu ?? 0))
      .flatMap(({ id }) => topics.get(id) ?? []),
    greeting: named('greeting'),
    contact: named('contact'),
    hash: createHash('sha256').update(JSON.stringify(read)).digest('hex'),
  };
}
