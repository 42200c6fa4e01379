import { Switch } from '@mantine/core';
import type { FilterChoices, LakeStatus } from '../../../src/local/api.ts';
import { useSetParams } from '../app/useSetParams.ts';
import { useLanguage } from '../i18n/language.tsx';
import { ChoiceFilter } from './ChoiceFilter.tsx';
import { PeriodPicker } from './PeriodPicker.tsx';
import styles from './Toolbar.module.css';
import type { Scope } from './scope.ts';

/** What the dashboard is narrowed to: days, chats, topics; and whether it compares. */
export function Toolbar(props: {
  readonly lake: LakeStatus;
  readonly scope: Scope;
  readonly choices: FilterChoices | undefined;
}) {
  const { lake, scope, choices } = props;
  const { text, language } = useLanguage();
  const words = text.analyses;
  const setParams = useSetParams();
  // What one is looking at belongs to what the filters were: other filters close it.
  const choose = (name: 'chats' | 'topics') => (chosen: readonly string[], isFirst: boolean) => {
    const value = chosen.length === 0 ? null : chosen.join(',');
    setParams({ [name]: value }, { replace: !isFirst });
  };
  return (
    <div className={styles.toolbar} role="group" aria-label={words.filters}>
      <PeriodPicker scope={scope} today={lake.today} />
      <ChoiceFilter
        label={words.chats}
        all={words.allChats}
        chosenLabel={words.chatsChosen}
        placeholder={words.searchChats}
        chosen={scope.chats.map(String)}
        choices={choices?.chats.map(({ id, title, type, messages }) => ({
          value: String(id),
          label: title ?? String(id),
          hint: type === 'private' || type === null ? null : (text.chat.types[type] ?? type),
          amount: messages,
        }))}
        onChange={choose('chats')}
      />
      <ChoiceFilter
        label={words.topics}
        all={words.allTopics}
        chosenLabel={words.topicsChosen}
        placeholder={words.searchTopics}
        chosen={scope.topics}
        choices={choices?.topics.map(({ intent, title, questions }) => ({
          value: intent,
          label: title?.[language] ?? intent,
          hint: null,
          amount: questions,
        }))}
        onChange={choose('topics')}
      />
      <Switch
        className={styles.compare}
        size="xs"
        label={words.compare}
        title={words.compareHint}
        checked={scope.compare}
        onChange={({ currentTarget: { checked } }) => {
          setParams({ compare: checked ? '1' : null });
        }}
      />
    </div>
  );
}
