import type { Language } from '../config/config.ts';

/** What the bot says of its own; all else stands in the knowledge base. */
interface Texts {
  /** /start, where no topic has the role greeting. */
  readonly welcome: string;
  /** Above the list of topics. */
  readonly help: string;
  readonly unknownCommand: string;
  /** Somebody called the bot and said nothing else. */
  readonly called: string;
  /** Above the nearest topics, when the bot is not sure. */
  readonly suggest: string;
  readonly fallback: string;
  /** A tap on a button whose topic is gone. */
  readonly goneButton: string;
  readonly onlyText: string;
  /** To the owner, who asked for the report. */
  readonly preparingReport: string;
  readonly allTopics: string;
  /** /privacy: the paragraphs before the one on how long. */
  readonly privacyBefore: string;
  /** How long, when raw messages are deleted after some days. */
  readonly keptForDays: (days: number) => string;
  /** How long, when nothing deletes them. */
  readonly keptWithoutEnd: string;
  /** How to ask for erasure, and what goes then. @param userId null where others read along */
  readonly erasure: (userId: number | null) => string;
}

/** The bot's own words in each language. */
export const TEXTS: Readonly<Record<Language, Texts>> = {
  pt: {
    welcome:
      'Olá! 👋 Sou o assistente automático da loja. Escreva sua pergunta ou toque num assunto.',
    help: 'Escreva sua pergunta com suas palavras ou toque num assunto. Sobre os seus dados: /privacy',
    unknownCommand: 'Não conheço esse comando. Os que conheço são /start, /help e /privacy.',
    called: 'Oi! Como posso ajudar? Escreva sua pergunta ou toque num assunto.',
    suggest: 'Não tenho certeza de que entendi. É sobre um destes assuntos?',
    fallback:
      'Desculpe, isso eu não sei responder. Tente com outras palavras ou veja os assuntos que conheço.',
    goneButton: 'Esse botão não funciona mais. Escreva sua pergunta ou veja os assuntos.',
    onlyText: 'Eu só leio texto. 😊 Pode escrever sua pergunta?',
    preparingReport:
      'Estou preparando o relatório dos últimos 30 dias. Ele chega aqui em instantes.',
    allTopics: 'Ver todos os assuntos',
    privacyBefore: [
      'Sua privacidade',
      'O que guardamos: tudo o que este bot recebe (mensagens, edições, reações, toques em botões) com o que o Telegram envia junto: seu nome, nome de usuário, número de identificação, idioma do aplicativo, conversa, data e hora. De fotos, áudios e arquivos fica só a referência, não o conteúdo. A resposta do bot também fica.',
      'Para quê: responder a você e entender o que as pessoas perguntam, para atender melhor.',
      'Onde: no armazenamento da própria loja, um computador ou uma conta na nuvem que ela controla. As mensagens passam também pelo Telegram, que tem a sua própria política.',
    ].join('\n\n'),
    keptForDays: (days) =>
      `Por quanto tempo: o registro original de cada mensagem é apagado depois de ${days} dias. As tabelas de estatísticas feitas dele, que contêm o texto e o seu nome, não têm prazo.`,
    keptWithoutEnd: 'Por quanto tempo: não há prazo; nada é apagado automaticamente.',
    erasure: (userId) =>
      [
        'Para saber o que guardamos sobre você, corrigir ou apagar, escreva para a loja ',
        userId === null
          ? 'e informe o seu número no Telegram, que eu digo se você me enviar /privacy em particular. '
          : `e informe o seu número no Telegram: ${userId}. `,
        'Uma pessoa apaga então, em todas as cópias, as suas mensagens com as respostas do bot, o que outros citaram ou encaminharam de você e as menções ao seu nome de usuário. Não há como desfazer, e o que você escrever depois volta a ser guardado. A conversa no seu próprio Telegram é você quem apaga.',
      ].join(''),
  },
  en: {
    welcome: "Hello! 👋 I am the shop's automatic assistant. Write your question or tap a topic.",
    help: 'Write your question in your own words or tap a topic. About your data: /privacy',
    unknownCommand: 'I do not know that command. Those I know are /start, /help and /privacy.',
    called: 'Hi! How can I help? Write your question or tap a topic.',
    suggest: 'I am not sure I understood. Is it about one of these?',
    fallback:
      'Sorry, I cannot answer that. Try other words, or look at the topics that I know about.',
    goneButton: 'That button no longer works. Write your question or look at the topics.',
    onlyText: 'I can only read text. 😊 Could you write your question?',
    preparingReport: 'I am preparing the report of the last 30 days. It will be here in a moment.',
    allTopics: 'See all topics',
    privacyBefore: [
      'Your privacy',
      'What we keep: everything this bot receives (messages, edits, reactions, taps on buttons) with what Telegram sends along: your name, user name, id number, language of your app, the chat, date and time. Of photos, recordings and files only the reference, not the content. The reply of the bot is kept too.',
      'What for: to answer you, and to understand what people ask so that we serve them better.',
      'Where: in the storage of the shop itself, a computer or a cloud account that it controls. Messages also pass through Telegram, which has its own policy.',
    ].join('\n\n'),
    keptForDays: (days) =>
      `How long: the original record of each message is deleted after ${days} days. The tables made from it for statistics, which hold the text and your name, have no time limit.`,
    keptWithoutEnd: 'How long: there is no time limit; nothing is deleted automatically.',
    erasure: (userId) =>
      [
        'To learn what we keep about you, or to have it corrected or erased, write to the shop ',
        userId === null
          ? 'and give your number on Telegram, which I tell you when you send me /privacy in private. '
          : `and give your number on Telegram: ${userId}. `,
        'A person then erases, in every copy, your messages with the answers of the bot, what others quoted or forwarded of yours, and mentions of your user name. It cannot be undone, and what you write afterwards is kept again. The chat in your own Telegram is yours to delete.',
      ].join(''),
  },
};
