import {
  IconHelpCircle,
  IconCircleCheck,
  IconListSearch,
  IconMessage2,
  IconMinus,
  IconUser,
} from '@tabler/icons-react';
import type { RecordDetails, Status } from '../../../src/local/api.ts';
import type { Catalogue } from '../i18n/en.ts';
import { useLanguage } from '../i18n/language.tsx';
import { formatMs, formatScore } from '../shared/format.ts';
import styles from './AnswerStep.module.css';
import { Facts, Step } from './Step.tsx';

type Answer = NonNullable<RecordDetails['answer']>;

/** Tone and sign of each outcome: never told by colour alone. */
const OUTCOMES: Readonly<
  Record<string, { readonly tone: string; readonly Icon: typeof IconUser }>
> = {
  answered: { tone: 'good', Icon: IconCircleCheck },
  suggested: { tone: 'accent', Icon: IconListSearch },
  fallback: { tone: 'warn', Icon: IconHelpCircle },
  handoff: { tone: 'other', Icon: IconUser },
};

/** What the bot decided, how sure it was, and what it weighed. */
export function AnswerStep(props: {
  readonly details: RecordDetails;
  readonly matcher: Status['matcher'];
}) {
  const { answer } = props.details;
  const { text } = useLanguage();
  const words = text.trace.answer;
  return (
    <Step
      reached={answer !== null}
      icon={<IconMessage2 size={16} stroke={1.6} />}
      title={words.title}
      hint={hintFor(answer, words)}
      aside={
        answer ? (
          <OutcomeBadge outcome={answer.outcome} />
        ) : (
          <span className={styles.badge}>{words.noneDue}</span>
        )
      }
    >
      {answer && <Decision answer={answer} matcher={props.matcher} />}
    </Step>
  );
}

function hintFor(answer: Answer | null, words: Catalogue['trace']['answer']): string {
  if (!answer) return words.noneDueHint;
  return wasMatched(answer) ? words.hint : words.hintNamed;
}

/** Whether topics were weighed; commands and taps name theirs. */
function wasMatched({ score, candidates, outcome }: Answer): boolean {
  return score !== null || candidates.length > 0 || outcome === 'fallback';
}

function OutcomeBadge({ outcome }: { readonly outcome: string }) {
  const { text } = useLanguage();
  const { tone, Icon } = OUTCOMES[outcome] ?? { tone: undefined, Icon: IconMinus };
  return (
    <span className={styles.badge} data-tone={tone}>
      <Icon size={14} aria-hidden />
      {text.trace.answer.outcome[outcome] ?? outcome}
    </span>
  );
}

function Decision(props: { readonly answer: Answer; readonly matcher: Status['matcher'] }) {
  const { answer, matcher } = props;
  const { text, language } = useLanguage();
  const words = text.trace.answer;
  // The marks are those of the engine that runs now; another engine had others.
  const marks = answer.engine === matcher.engine ? matcher : null;
  const matched = wasMatched(answer);
  return (
    <div className={styles.decision}>
      {answer.intent !== null && (
        <p className={styles.topic}>
          {answer.title?.[language] ?? answer.intent}
          {answer.title && <code className={styles.intent}>{answer.intent}</code>}
        </p>
      )}
      {matched && answer.candidates.length === 0 && <p>{words.noMatch}</p>}
      {matched && (
        <ol className={styles.candidates} aria-label={words.candidates}>
          {answer.candidates.slice(0, 4).map((candidate) => (
            <li key={candidate.intent} className={styles.candidate}>
              <span className={styles.name}>{candidate.title?.[language] ?? candidate.intent}</span>
              <span className={styles.track}>
                <span
                  className={styles.fill}
                  data-chosen={candidate.intent === answer.intent || undefined}
                  style={{ width: `${candidate.score * 100}%` }}
                />
                {marks && (
                  <>
                    <i className={styles.mark} style={{ left: `${marks.possible * 100}%` }} />
                    <i className={styles.mark} style={{ left: `${marks.sure * 100}%` }} />
                  </>
                )}
              </span>
              <span className={styles.score}>
                <span className={styles.hidden}>{words.score('')}</span>
                {formatScore(candidate.score, text.locale)}
              </span>
            </li>
          ))}
        </ol>
      )}
      {matched && marks && (
        <p className={styles.legend}>
          {words.sure(formatScore(marks.sure, text.locale))};{' '}
          {words.possible(formatScore(marks.possible, text.locale))}
        </p>
      )}
      {answer.text !== null && <blockquote className={styles.text}>{answer.text}</blockquote>}
      <Facts
        facts={[
          { name: words.engine, value: answer.engine },
          { name: words.decided, value: formatMs(answer.ms, text.locale) },
        ]}
      />
    </div>
  );
}
