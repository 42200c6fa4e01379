/** Seeded updates that look like a day of a customer-service bot. */

const QUESTIONS = [
  'Bom dia! Qual o horário de funcionamento?',
  'vcs aceitam pix? 😊',
  'Quanto tempo demora a entrega para Campinas?',
  'Meu pedido 48213 ainda não chegou, podem verificar por favor?',
  'Do you ship abroad?',
  'Quero trocar um vaso que chegou quebrado',
];

/** mulberry32: small, seeded, good enough to vary test data. @returns numbers in [0, 1) */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Updates of one day, in order: nine of ten are texts, the rest photos with captions.
 *
 * @param start Unix seconds of the first one
 */
export function* updates(count: number, start: number, seed = 1): Generator<string> {
  const random = seeded(seed);
  for (let n = 0; n < count; n++) {
    const person = 1_000_000_000 + Math.floor(random() * 400);
    const question = QUESTIONS[Math.floor(random() * QUESTIONS.length)] ?? '';
    const from = {
      id: person,
      is_bot: false,
      first_name: `Cliente ${person % 400}`,
      language_code: 'pt-br',
    };
    const content =
      random() < 0.9
        ? { text: question }
        : {
            photo: [
              { file_id: 'AgACAgEAAxkBAAIB', file_unique_id: 'AQADq', width: 1280, height: 960 },
            ],
            caption: question,
          };
    yield JSON.stringify({
      update_id: 500_000_000 + n,
      message: {
        message_id: 10_000 + n,
        from,
        chat: { id: person, first_name: from.first_name, type: 'private' },
        date: start + Math.floor((n / count) * 86_000),
        ...content,
      },
    });
  }
}
