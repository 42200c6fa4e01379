import * as z from 'zod';

import { fold } from './fold.ts';

/** Telegram's limit on a message's text. UTF-16 units, which are never fewer than what it counts. */
const MAX_TEXT = 4096;

/** `topic:` and the id must fit into the 64 bytes of a button's data. */
export const MAX_ID = 58;

/** Longer, and Telegram cuts the button's text on a phone. */
const MAX_TITLE = 40;

const line = (what: string) =>
  z.string({
    error: ({ input }) =>
      input === undefined
        ? `there is no ${what}; write one`
        : `the ${what} is not read as text; put it in quotes`,
  });

const title = line('title')
  .trim()
  .min(1, 'the title is empty; write what the button should say')
  .max(MAX_TITLE, `the title is longer than ${MAX_TITLE} characters; shorten it`);

const question = line('question').refine(
  (text) => fold(text) !== '',
  'the question has no words; write it as a customer would, or remove the line',
);

const answer = line('answer')
  .trim()
  .min(1, 'the answer is empty; write what the bot should say')
  .max(
    MAX_TEXT,
    `the answer is longer than the ${MAX_TEXT} characters Telegram allows; shorten it or split the topic`,
  );

const speech = z.strictObject(
  {
    questions: z
      .array(question, { error: 'there is no list of questions; write one per line after "- "' })
      .refine(
        ({ length }) => length > 0,
        'there is no question; write at least one as a customer would',
      ),
    answer,
  },
  { error: 'holds no questions and answer; indent them by two spaces below it' },
);

/** One file of the knowledge base: what the bot knows about one topic. */
export const topicSchema = z
  .strictObject(
    {
      /** What buttons say, in each language that the topic speaks. */
      title: z.strictObject(
        { pt: title.optional(), en: title.optional() },
        { error: 'there is no title; write it with pt: and en: below, indented by two spaces' },
      ),
      pt: speech.optional(),
      en: speech.optional(),
      /** Topics offered as buttons below the answer. */
      follow_ups: z
        .array(line('topic'), {
          error: 'follow_ups is no list; write one topic per line after "- "',
        })
        .refine(({ length }) => length <= 4, 'there are more than 4 follow-ups; keep the best')
        .default([]),
      /** Place in the lists of /start and /help; topics without one (small talk) are not listed. */
      menu: z
        .int({ error: 'menu is no whole number; write the place in the list, from 1' })
        .min(1, 'menu starts at 1; write the place in the list')
        .optional(),
      /** `greeting`: opens /start. `contact`: offered when the bot does not know. */
      role: z
        .enum(['greeting', 'contact'], {
          error: 'there is no such role; write greeting or contact, or remove the line',
        })
        .optional(),
    },
    { error: 'the file holds no topic; copy the form of another file' },
  )
  .superRefine((topic, context) => {
    if (topic.pt === undefined && topic.en === undefined) {
      context.addIssue({
        code: 'custom',
        message: 'there is neither pt: nor en:; write questions and answer in one of them',
      });
    }
    for (const language of ['pt', 'en'] as const) {
      if (topic[language] !== undefined && topic.title[language] === undefined) {
        context.addIssue({
          code: 'custom',
          path: ['title'],
          message: `there is no title in ${language}, though there is an answer; write it`,
        });
      }
    }
  });
