import { writeEnvelope } from '../../src/lake/envelope.ts';
import { dayPrefix } from '../../src/lake/keys.ts';
import { seeded } from '../events.ts';
import type { ServedObject, ServedObjects } from './server.ts';

/** The day of the generated objects. */
export const DAY = '2026-03-10';

/** The zone of the lake that they lie in. */
export const ZONE = 'America/Sao_Paulo';

/** 2026-03-10 00:10 in {@link ZONE}, Unix seconds. */
const START = Date.UTC(2026, 2, 10, 3, 10) / 1000;

/** A run the day after. */
export const RUN = { now: (START + 90_000) * 1000, rawRetentionDays: 365 };

const FIRST_ID = 500_000_000;

const QUESTIONS = [
  'Bom dia! Qual o horário de funcionamento da loja no sábado?',
  'vcs aceitam pix? 😊',
  'Quanto tempo demora a entrega para Campinas?',
  'podem verificar por favor? meu pedido ainda não chegou, o número é',
  'Do you ship abroad?',
  'Quero trocar um vaso que chegou quebrado, o pedido é',
];

/**
 * The envelope of one message of the day, always the same for the same number: nine of ten are
 * texts, half of which are like no other, the rest photos with captions; 600 bytes on average.
 *
 * @param index 0 to count - 1
 * @param count messages of the day
 */
export function envelopeAt(index: number, count: number): string {
  const random = seeded(Math.imul(index + 1, 0x9e3779b1));
  const person = 1_000_000_000 + Math.floor(random() * 40_000);
  const question = QUESTIONS[Math.floor(random() * QUESTIONS.length)] ?? '';
  const text = random() < 0.5 ? question : `${question} ${Math.floor(random() * 1e6)}`;
  const name = `Cliente ${person % 400}`;
  const date = START + Math.floor((index / count) * 85_000);
  const content =
    random() < 0.9
      ? { text }
      : {
          photo: [{ file_id: 'AgACAgEAAxkBAAIB', file_unique_id: 'AQADq', width: 90, height: 67 }],
          caption: text,
        };
  const update = {
    update_id: FIRST_ID + index,
    message: {
      message_id: 10_000 + index,
      from: { id: person, is_bot: false, first_name: name, language_code: 'pt-br' },
      chat: { id: person, first_name: name, type: 'private' },
      date,
      ...content,
    },
  };
  const answer = {
    call: { method: 'sendMessage', chat_id: person, text: 'De segunda a sexta, das 9h às 18h.' },
    outcome: 'answered',
    intent: `topico_${index % 12}`,
    score: Math.round(random() * 1000) / 1000,
    candidates: [],
    engine: 'ngram-1',
    knowledge: '9f86d081884c',
    ms: Math.round(random() * 500) / 100,
  } as const;
  const received_at = new Date(date * 1000 + Math.floor(random() * 900)).toISOString();
  return writeEnvelope({ source: 'telegram', received_at, answer }, JSON.stringify(update));
}

/** One object for each message of the day, as the webhook writes them. */
export function dayObjects(count: number): ServedObjects {
  const prefix = dayPrefix(DAY);
  const at = (index: number): ServedObject => {
    const body = Buffer.from(envelopeAt(index, count));
    return {
      key: `${prefix}${FIRST_ID + index}.json`,
      size: body.length,
      etag: `"${index.toString(16).padStart(32, '0')}"`,
      body: () => body,
    };
  };
  const from = (key: string): number => {
    if (!key.startsWith(prefix)) return key < prefix ? 0 : count;
    const id = Number(/^\d+/.exec(key.slice(prefix.length))?.[0] ?? '0');
    return Math.max(0, Math.min(count, id - FIRST_ID));
  };
  return { count, at, from };
}
