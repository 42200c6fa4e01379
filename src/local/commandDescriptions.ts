import { COMMANDS } from '../bot/request.ts';
import type { Status } from './api.ts';

const DESCRIPTIONS: Readonly<
  Record<(typeof COMMANDS)[number], Status['commands'][number]['description']>
> = {
  start: { pt: 'Começar', en: 'Begin' },
  help: { pt: 'Ver todos os assuntos', en: 'See all topics' },
  privacy: { pt: 'O que é guardado sobre você', en: 'What is kept about you' },
};

/** The bot's commands as a menu shows them. */
export const COMMAND_DESCRIPTIONS: Status['commands'] = COMMANDS.map((command) => ({
  command,
  description: DESCRIPTIONS[command],
}));
