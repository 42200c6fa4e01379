import type { Answer, Outcome } from '../../../src/lake/envelope.ts';
import type { Random } from './random.ts';

/** Few values, so that percentiles fall on ties and between neighbours that differ. */
const TIMES = [0.1, 0.4, 0.4, 0.5, 0.5, 0.5, 1, 1.25, 2, 2, 3.75, 12.5, 80, 1_500.0625];

/** What the bot decided. */
export function answer(random: Random, outcome: Outcome, intent: string | null): Answer {
  const isSaid = outcome !== 'none';
  return {
    call: isSaid ? { method: 'sendMessage', text: `Resposta: ${intent ?? outcome} 🙂` } : null,
    outcome,
    intent,
    score: intent === null ? null : random.integer(0, 1_000) / 1_000,
    candidates: intent === null ? [] : [{ intent, score: 0.5 }],
    engine: 'seeded 1',
    knowledge: '0000',
    ms: random.pick(TIMES),
  };
}
