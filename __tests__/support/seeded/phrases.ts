/** Questions of one meaning, with the key by which SQL groups them, worked out by hand. */
export interface Question {
  readonly topic: string;
  readonly key: string | null;
  readonly wordings: readonly string[];
}

/** Questions that the bot knows; only their topic counts. */
export const KNOWN_QUESTIONS: readonly Question[] = [
  {
    topic: 'horario-de-funcionamento',
    key: 'abrem horas',
    wordings: ['Que horas vocês abrem?', 'q horas abrem??', 'Bom dia! que horas abrem'],
  },
  {
    topic: 'pix',
    key: 'aceitam pix',
    wordings: ['vocês aceitam pix?', 'ACEITAM PIX', 'aceitam pix? 😊'],
  },
  {
    topic: 'frete-e-area-de-entrega',
    key: 'campinas frete quanto',
    wordings: ['Quanto é o frete para Campinas?', 'frete Campinas quanto'],
  },
  {
    topic: 'garantia',
    key: 'garantia vasos',
    wordings: ['Os vasos têm garantia?', 'vasos: garantia'],
  },
  {
    topic: 'troca',
    key: 'exchange pot',
    wordings: ['Can I exchange a pot?', 'exchange the pot please'],
  },
  {
    topic: "d'agua", // an apostrophe, which SQL doubles
    key: 'agua filtro',
    wordings: ["filtro d'água", "Filtro D'ÁGUA!"],
  },
];

/** Questions that it does not know: near-duplicates share a key. */
export const UNKNOWN_QUESTIONS: readonly Question[] = [
  {
    topic: '',
    key: 'conserto fazem',
    wordings: [
      'Vocês fazem conserto?',
      'fazem conserto',
      'FAZEM CONSERTO???',
      'Olá, bom dia! Vcs fazem o conserto?',
      'conserto: fazem? 🔧',
    ],
  },
  {
    topic: '',
    key: 'drone entregam',
    wordings: ['Entregam por drone?', 'entregam com drone', '@loja_bot entregam de drone?'],
  },
  {
    topic: '',
    key: 'bonsai curso',
    wordings: ['Tem curso de bonsai?', 'curso bonsái', 'Queria um curso de Bonsai, por favor'],
  },
  {
    topic: '',
    key: 'hire people',
    wordings: ['Do you hire people?', 'hire people', "They'd hire people, please"],
  },
  {
    topic: '',
    key: '48 pedido',
    wordings: ['Pedido 48?', 'o meu pedido: 48', 'PEDIDO #48'],
  },
  // Nothing is left of these.
  { topic: '', key: null, wordings: ['🤔🤔', '?!', 'Oi, bom dia!', 'Obrigado 🙏', 'please'] },
  // Scripts other than Latin, letters beyond 16 bits, accents that stand apart.
  { topic: '', key: 'доставка есть', wordings: ['Есть доставка?', 'доставка есть'] },
  { topic: '', key: '営業時間は', wordings: ['営業時間は?', '営業時間は！'] },
  { topic: '', key: 'cafe servem', wordings: ['Servem café?', 'servem cafe\u0301', 'servem 𝐜𝐚𝐟𝐞'] },
];

/** What people say to each other. */
export const CHATTER: readonly string[] = [
  'Alguém sabe podar orquídea?',
  'Eu rego a cada três dias, e a orquídea está linda 🌸',
  'kkkkk',
  'Boa tarde, vizinhos! Boa tarde, boa tarde!',
  'A minha samambaia secou... o que eu faço?',
  'Põe adubo 10-10-10, funciona',
  'Water it twice a week and keep it out of the sun',
  "It's the only orchid that survived the summer",
  'ok',
  'sim',
  'Não, obrigada',
  '👍',
  '👩‍👩‍👧‍👦🪴',
  'Cafe\u0301 e bolo às 15h30',
  '𝓕𝓵𝓸𝓻𝓮𝓼 e 𝐩𝐥𝐚𝐧𝐭𝐚𝐬',
  'Привет, соседи! Как дела?',
  '猫が好きです、とても',
  'straße, STRASSE und Straße',
  'ação AÇÃO Ação',
  'um_dois_três e quatro-cinco/seis',
  'https://example.org/vasos?cor=azul&tamanho=10',
  'R$ 1.234,56 à vista',
  "it''s; DROP TABLE telegram; -- chats",
  'linha um\nlinha dois\ttabulada',
  'orquídea, Orquídea, ORQUÍDEA',
  'a'.repeat(300),
];

/** What stands under photos. */
export const CAPTIONS: readonly string[] = [
  'Olha que linda 🌸',
  'vaso quebrado',
  'A orquídea da varanda',
  'Look at this!',
  '🪴',
];

/** Payloads of t.me links. */
export const CAMPAIGNS: readonly string[] = [
  'instagram',
  'instagram-stories',
  'flyer_2018',
  'black friday',
  'Natal',
  'natal',
];
