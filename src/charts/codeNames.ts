import { CHART_WORDS } from './words.ts';
import type { ChartLanguage } from './words.ts';

type Names = Readonly<Record<string, string>>;

/** Contents of messages by the Bot API's field; what is not here stands as the Bot API calls it. */
const CONTENT_TYPES: Readonly<Record<ChartLanguage, Names>> = {
  en: {
    animation: 'animation',
    audio: 'audio file',
    checklist: 'checklist',
    contact: 'contact',
    dice: 'dice',
    document: 'document',
    game: 'game',
    giveaway: 'giveaway',
    invoice: 'invoice',
    live_photo: 'live photo',
    location: 'location',
    paid_media: 'paid media',
    photo: 'photo',
    poll: 'poll',
    sticker: 'sticker',
    story: 'story',
    text: 'text',
    venue: 'venue',
    video: 'video',
    video_note: 'video message',
    voice: 'voice message',
  },
  pt: {
    animation: 'animação',
    audio: 'arquivo de áudio',
    checklist: 'lista de tarefas',
    contact: 'contato',
    dice: 'dado',
    document: 'documento',
    game: 'jogo',
    giveaway: 'sorteio',
    invoice: 'fatura',
    live_photo: 'foto animada',
    location: 'localização',
    paid_media: 'mídia paga',
    photo: 'foto',
    poll: 'enquete',
    sticker: 'figurinha',
    story: 'story',
    text: 'texto',
    venue: 'local',
    video: 'vídeo',
    video_note: 'mensagem de vídeo',
    voice: 'mensagem de voz',
  },
};

const CHAT_TYPES: Readonly<Record<ChartLanguage, Names>> = {
  en: { channel: 'channel', group: 'group', private: 'private chat', supergroup: 'group' },
  pt: { channel: 'canal', group: 'grupo', private: 'conversa privada', supergroup: 'grupo' },
};

/** What a code is called, by the unit of its column; the code itself where nobody knows. */
export function nameOfCode(code: string, unit: string | null, language: ChartLanguage): string {
  if (unit === 'content_type') return nameIn(CONTENT_TYPES[language], code);
  if (unit === 'chat_type') return nameIn(CHAT_TYPES[language], code);
  return unit === 'language' ? nameOfLanguage(code, language) : code;
}

function nameIn(names: Names, code: string): string {
  return (Object.hasOwn(names, code) ? names[code] : undefined) ?? code;
}

/** @param code IETF's, as Telegram's apps tell it */
function nameOfLanguage(code: string, language: ChartLanguage): string {
  try {
    const names = new Intl.DisplayNames(CHART_WORDS[language].locale, { type: 'language' });
    return names.of(code) ?? code;
  } catch {
    // Whatever an app may have said: it is no code.
    return code;
  }
}
