// What a newcomer may try first, as words to be sent or changed; once dismissed it stays away.
import { useState } from 'react';
import { useSession, useSpace } from '../state/session.js';
import { focusComposer } from './focus.js';

const storageKey = 'first steps are known';

/** Draws the card until it is dismissed. */
export function FirstSteps() {
  const { suggestWords } = useSession();
  const firstSteps = useSpace((space) => space.opening.firstSteps);
  const [isShown, setShown] = useState(() => localStorage.getItem(storageKey) === null);
  if (!isShown || !firstSteps) return null;
  return (
    <section className="first-steps" aria-label="First steps">
      <div className="first-steps-head">
        <p>{firstSteps.says} Each of these puts words into the box below, and Enter sends them.</p>
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
        {firstSteps.steps.map((each) => (
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
