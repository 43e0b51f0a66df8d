// Faults on switches: presets a newcomer understands, each fault by itself, scopes, and what is laid now.
import { useId, useRef, useState } from 'react';
import type { FaultAct, FaultsCard } from '../../page/contract.js';
import { FaultForm } from './fault-form.js';
import { faultCount, faultInWords, isLaid, liftsOf, type Preset, presetsFor } from './presets.js';

interface FaultsViewProps {
  faults: FaultsCard;
  onFault: (act: FaultAct) => Promise<void>;
  /** The name of the app that is tried. */
  app: string;
}

export function FaultsView({ faults, onFault, app }: FaultsViewProps) {
  const [trouble, setTrouble] = useState('');

  async function act(...acts: FaultAct[]) {
    try {
      setTrouble('');
      for (const each of acts) await onFault(each);
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : 'That did not work. Try again.');
    }
  }

  return (
    <>
      <p role="alert" className="fault-trouble">
        {trouble}
      </p>
      <Laid faults={faults} act={act} />
      <section className="fault-group">
        <h3>Try what happens when …</h3>
        <ul className="fault-presets">
          {presetsFor(app).map((preset) => (
            <PresetSwitch key={preset.name} preset={preset} faults={faults} act={act} />
          ))}
        </ul>
      </section>
      <section className="fault-group">
        <h3>Lay a fault of your own</h3>
        <FaultForm faults={faults} onLay={act} />
      </section>
      <Scopes faults={faults} act={act} />
    </>
  );
}

interface PartProps {
  faults: FaultsCard;
  act: (...acts: FaultAct[]) => Promise<void>;
}

function Laid({ faults, act }: PartProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const taken = faults.scopes.filter((each) => !each.granted);
  const none = faultCount(faults) === 0;

  function lift(given: FaultAct) {
    // The button goes away with what it lifts, and focus would go with it.
    heading.current?.focus();
    void act(given);
  }

  return (
    <section className="fault-group">
      <h3 ref={heading} tabIndex={-1}>
        {none ? 'No fault is laid' : 'Laid now'}
      </h3>
      {none && <p className="fault-none">Slack behaves.</p>}
      <ul className="fault-laid">
        {faults.isDown && <Row words="Slack is down" lift="Come back" onLift={() => lift({ do: 'up' })} />}
        {faults.twice && (
          <Row words="everything comes twice" lift="Lift" onLift={() => lift({ do: 'twice', on: false })} />
        )}
        {faults.laid.map((fault) => (
          <Row
            key={fault.id}
            words={faultInWords(fault)}
            lift="Lift"
            onLift={() => lift({ do: 'lift', id: fault.id })}
          />
        ))}
        {taken.map(({ name }) => (
          <Row
            key={name}
            words={`the scope ${name} is taken away`}
            lift="Give back"
            onLift={() => lift({ do: 'scope', name, granted: true })}
          />
        ))}
      </ul>
      {!none && (
        <button type="button" onClick={() => lift({ do: 'clear' })}>
          Lift all
        </button>
      )}
    </section>
  );
}

function Row({ words, lift, onLift }: { words: string; lift: string; onLift: () => void }) {
  return (
    <li>
      <span>{words}</span>{' '}
      <button type="button" onClick={onLift} aria-label={`${lift}: ${words}`}>
        {lift}
      </button>
    </li>
  );
}

function PresetSwitch({ preset, faults, act }: PartProps & { preset: Preset }) {
  const id = useId();
  const on = isLaid(preset, faults);
  return (
    <li>
      <button
        type="button"
        role="switch"
        aria-checked={on}
        aria-describedby={id}
        onClick={() => act(...(on ? liftsOf(preset, faults) : [preset.lay]))}
      >
        <span>{preset.name}</span> <span className="fault-on">{on ? 'on' : 'off'}</span>
      </button>
      <p id={id}>{preset.expected}</p>
    </li>
  );
}

function Scopes({ faults, act }: PartProps) {
  return (
    <details className="fault-group">
      <summary>
        <h3>What the app may do</h3>
      </summary>
      <p>
        Take a scope away, as an administrator may; the next call that needs it is refused with missing_scope.
      </p>
      <ul className="fault-scopes">
        {faults.scopes.map(({ name, granted }) => (
          <li key={name}>
            <label>
              <input
                type="checkbox"
                checked={granted}
                onChange={() => act({ do: 'scope', name, granted: !granted })}
              />{' '}
              {name}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
