// What a newcomer may try first, as words to be sent or changed; once dismissed it stays away.
import { useState } from 'react';
import { useSession } from '../state/session.js';

const storageKey = 'first steps are known';

const steps = [
  { words: '/incident declare', says: 'Declare an incident: a form opens' },
  { words: '/incident timeline', says: 'Read the timeline of the incident in this channel' },
  {
    words: '/incident note ~10 minutes ago: the errors began',
    says: 'Note something, at the time it happened',
  },
];

/** Draws the card until it is dismissed. */
export function FirstSteps() {
  const { suggestWords } = useSession();
  const [isShown, setShown] = useState(() => localStorage.getItem(storageKey) === null);
  if (!isShown) return null;
  return (
    <section className="first-steps" aria-label="First steps">
      <p>
        Andon keeps an incident’s record in Slack. Here you can try everything on your own. Three things to
        begin with; each puts the words into the box below, Enter sends them:
      </p>
      <ul>
        {steps.map((each) => (
          <li key={each.words}>
            <button type="button" onClick={() => suggestWords(each.words)}>
              {each.says}
              <code>{each.words}</code>
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="quiet"
        onClick={() => {
          localStorage.setItem(storageKey, 'yes');
          setShown(false);
        }}
      >
        Dismiss
      </button>
    </section>
  );
}
