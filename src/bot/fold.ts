/** How people shorten words in chats, in Portuguese and English; keys are folded. */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  vc: 'voce',
  vcs: 'voces',
  ce: 'voce',
  ces: 'voces',
  qto: 'quanto',
  qnto: 'quanto',
  qdo: 'quando',
  qnd: 'quando',
  qndo: 'quando',
  ql: 'qual',
  q: 'que',
  oq: 'o que',
  pq: 'porque',
  tb: 'tambem',
  tbm: 'tambem',
  hj: 'hoje',
  mt: 'muito',
  mto: 'muito',
  msg: 'mensagem',
  ta: 'esta',
  to: 'estou',
  tao: 'estao',
  pra: 'para',
  pro: 'para o',
  pras: 'para as',
  pros: 'para os',
  pfv: 'por favor',
  pf: 'por favor',
  obg: 'obrigado',
  obgd: 'obrigado',
  obrigada: 'obrigado',
  vlw: 'valeu',
  blz: 'beleza',
  tel: 'telefone',
  zap: 'whatsapp',
  wpp: 'whatsapp',
  pgto: 'pagamento',
  pagto: 'pagamento',
  nf: 'nota fiscal',
  nfe: 'nota fiscal',
  num: 'numero',
  end: 'endereco',
  hrs: 'horas',
  seg: 'segunda',
  sab: 'sabado',
  dom: 'domingo',
  u: 'you',
  ur: 'your',
  pls: 'please',
  plz: 'please',
  thx: 'thanks',
  ty: 'thank you',
  asap: 'as soon as possible',
  adr: 'address',
  info: 'information',
  tmrw: 'tomorrow',
};

/**
 * A text reduced to what its meaning hangs on: lower case, without accents and punctuation, letters
 * drawn out (`oiiii`) written once, short forms of chats (`vcs`, `pls`) spelled out. Emoji stay, as
 * words of their own.
 *
 * @returns words separated by single spaces; empty when there are none
 */
export function fold(text: string): string {
  const words =
    text
      .normalize('NFKD')
      .replaceAll(/[\p{M}'’´`]/gu, '')
      .toLowerCase()
      .replaceAll(/(\p{L})\1+/gu, '$1')
      .match(/[\p{L}\p{N}]+|\p{Extended_Pictographic}/gu) ?? [];
  return words
    .map((word) => (Object.hasOwn(SHORT_FORMS, word) ? SHORT_FORMS[word] : word))
    .join(' ');
}
