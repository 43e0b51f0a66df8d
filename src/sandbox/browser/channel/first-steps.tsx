// What a newcomer may try first, as words to be sent or changed; once dismissed it stays away.
import { useState } from 'react';
import { useSession } from '../state/session.js';
import { focusComposer } from './focus.js';

const storageKey = 'first steps are known';

const steps = [
  { words: '/incident timeline', says: 'Read the incident’s timeline' },
  { words: '/incident note 10m ago the errors began', says: 'Note what happened, and when' },
  { words: '/incident declare', says: 'Declare an incident of your own' },
];

/** Draws the card until it is dismissed. */
export function FirstSteps() {
  const { suggestWords } = useSession();
  const [isShown, setShown] = useState(() => localStorage.getItem(storageKey) === null);
  if (!isShown) return null;
  return (
    <section className="first-steps" aria-label="First steps">
      <div className="first-steps-head">
        <p>
          Andon keeps the record of an incident while people mend it. Three things to try; each puts words
          into the box below, and Enter sends them.
        </p>
        <button
          type="button"
          className="quiet"
          onClick={(event) => {
            focusComposer(event.currentTarget);
            localStorage.setItem(storageKey, 'yes');
            setShown(false);
          }}
        >
          Dismiss<span className="unseen"> first steps</span>
        </button>
      </div>
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
    </section>
  );
}
