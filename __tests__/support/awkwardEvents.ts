/**
 * Updates that pipelines get wrong, in one lake of the zone America/Sao_Paulo (which had summer
 * time until February 2019). Golden tests compute the analyses from them in plain TypeScript, and
 * docs/analyses.md shows by them where the course's queries count otherwise.
 */

const ANA = { id: 4_503_599_627_370_490, is_bot: false, first_name: 'Ana', language_code: 'pt-br' };
const ANA_MARIA = { ...ANA, first_name: 'Ana Maria' };
const BRUNO = { id: 202, is_bot: false, first_name: 'Bruno' };
const OTHER_BRUNO = { id: 203, is_bot: false, first_name: 'Bruno' };
const HELPER_BOT = { id: 900, is_bot: true, first_name: 'Helper', username: 'helper_bot' };
const ANONYMOUS = { id: 1_087_968_824, is_bot: true, first_name: 'Group' };

const GROUP = { id: -1_001_234_567_890, type: 'supergroup', title: 'Vizinhos' };
const CHANNEL = { id: -1_009_876_543_210, type: 'channel', title: 'Novidades' };

const PHOTO = [{ file_id: 'a', file_unique_id: 'b', width: 90, height: 67 }];
const STICKER = {
  ...{ file_id: 'c', file_unique_id: 'd', type: 'regular', width: 512, height: 512 },
  ...{ is_animated: false, is_video: false, emoji: '🌵' },
};

/** An update with when it was received, ISO 8601 UTC. */
export interface AwkwardEvent {
  readonly receivedAt: string;
  readonly update: Readonly<Record<string, unknown>> & { readonly update_id: number };
  /** What is awkward about it. */
  readonly why: string;
  /** Stored twice, as by a retry. */
  readonly twice?: true;
}

interface Sender {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
}

let nextNumber = 1;

function event(
  why: string,
  at: string,
  kind: string,
  fields: Readonly<Record<string, unknown>>,
): AwkwardEvent {
  const number = nextNumber++;
  const date = Date.parse(at) / 1000;
  const message = { message_id: number, date, ...fields };
  return { why, receivedAt: at, update: { update_id: 1_000 + number, [kind]: message } };
}

function message(
  why: string,
  at: string,
  from: Sender,
  content: Readonly<Record<string, unknown>>,
): AwkwardEvent {
  return event(why, at, 'message', { from, chat: GROUP, ...content });
}

const FIRST = message('an ordinary text', '2020-12-30T14:00:00Z', ANA, { text: 'Bom dia' });

export const AWKWARD_EVENTS: readonly AwkwardEvent[] = [
  message('the last second before summer time', '2018-11-04T02:59:59Z', BRUNO, { text: 'tarde' }),
  message('the next second: it is 01:00', '2018-11-04T03:00:00Z', BRUNO, { text: 'cedo' }),
  message('23:30, in summer time', '2019-02-17T01:30:00Z', BRUNO, { text: 'uma' }),
  message('23:30 again, an hour later', '2019-02-17T02:30:00Z', BRUNO, { text: 'outra' }),
  message('week 1 of 2020', '2020-01-02T15:00:00Z', BRUNO, { text: 'feliz 2020' }),

  FIRST,
  {
    ...event('a tapped button', '2020-12-30T14:01:00Z', 'callback_query', {}),
    update: {
      update_id: 1_500,
      callback_query: { id: '1', from: ANA, chat_instance: '2', data: 'topic:pix' },
    },
  },
  event('an edit', '2020-12-30T14:02:00Z', 'edited_message', {
    ...(FIRST.update['message'] as object),
    edit_date: Date.parse('2020-12-30T14:02:00Z') / 1000,
    text: 'Bom dia a todos',
  }),
  message('a sticker, without text', '2020-12-30T15:00:00Z', ANA, { sticker: STICKER }),
  message('two letters …', '2020-12-30T15:01:00Z', BRUNO, { text: 'oi' }),
  message('… and three: 2.5 on average', '2020-12-30T15:02:00Z', BRUNO, { text: 'olá' }),
  message('a service message', '2020-12-30T15:03:00Z', OTHER_BRUNO, {
    new_chat_members: [OTHER_BRUNO],
  }),
  message('a bot', '2020-12-30T15:04:00Z', HELPER_BOT, { text: 'beep' }),
  message('another user of the same name', '2020-12-30T15:05:00Z', OTHER_BRUNO, { text: 'oi!' }),

  message('a minute before midnight', '2020-12-31T02:59:00Z', ANA, { text: 'boa noite' }),
  message('midnight', '2020-12-31T03:00:00Z', ANA, { text: 'é dia 31' }),
  message('emoji of many code points', '2020-12-31T12:00:00Z', ANA, { text: '👩‍👩‍👧‍👦🪴' }),
  message('a caption', '2020-12-31T13:00:00Z', ANA, { photo: PHOTO, caption: 'Olha que linda 🌸' }),
  message('an album …', '2020-12-31T14:00:00Z', BRUNO, {
    ...{ photo: PHOTO, media_group_id: '77', caption: 'fotos' },
  }),
  message('… of two', '2020-12-31T14:00:00Z', BRUNO, { photo: PHOTO, media_group_id: '77' }),
  { ...message('a retry', '2020-12-31T16:00:00Z', BRUNO, { text: 'alô?' }), twice: true },
  message('an anonymous administrator', '2020-12-31T17:00:00Z', ANONYMOUS, {
    ...{ sender_chat: GROUP, text: 'Fechamos às 15h' },
  }),
  event('a channel post', '2020-12-31T18:00:00Z', 'channel_post', {
    ...{ sender_chat: CHANNEL, chat: CHANNEL, text: 'Feliz ano novo!' },
  }),

  message('23:30 in São Paulo, the next day in UTC', '2021-01-02T02:30:00Z', ANA, { text: 'oi' }),
  message('the user has another name', '2021-01-02T02:40:00Z', ANA_MARIA, { text: 'mudei' }),
  event('a business message', '2021-01-04T11:00:00Z', 'business_message', {
    ...{ business_connection_id: 'b', from: BRUNO, text: 'quanto custa?' },
    chat: { id: BRUNO.id, type: 'private', first_name: 'Bruno' },
  }),
  message('week 1 of 2021', '2021-01-06T15:00:00Z', ANA_MARIA, { text: 'feliz 2021' }),
];
