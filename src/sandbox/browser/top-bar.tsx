// The bar at the top: whose workspace this is, which of the people one is, and the way to the panel.
import { useEffect, useState } from 'react';
import { timeIn } from './channel/clock.js';
import { refusedSince } from './panel/read.js';
import { useMe, usePeople, useSpace } from './state/session.js';

const tickMs = 10_000;

export interface TopBarProps {
  readonly isPanelOpen: boolean;
  readonly isDrawerOpen: boolean;
  /** What was refused up to the card of this number is no news. */
  readonly knownTo: number;
  onPanel(): void;
  onDrawer(): void;
  onBecome(id: string): void;
}

/** Draws the bar. */
export function TopBar(props: TopBarProps) {
  const team = useSpace((space) => space.opening.team.name);
  const refused = useSpace((space) => refusedSince(space.opening.wire, props.knownTo));
  return (
    <header className="top-bar">
      <button
        type="button"
        className="drawer-button"
        aria-expanded={props.isDrawerOpen}
        aria-controls="drawer"
        onClick={props.onDrawer}
      >
        <span aria-hidden="true">☰</span> Channels
      </button>
      <strong className="team">{team}</strong>
      <WhoAmI onBecome={props.onBecome} />
      <button
        type="button"
        className="panel-button"
        aria-expanded={props.isPanelOpen}
        onClick={props.onPanel}
      >
        What Slack and Andon say {refused > 0 && <span className="refused">{refused} refused</span>}
      </button>
    </header>
  );
}

function WhoAmI({ onBecome }: { onBecome: (id: string) => void }) {
  const me = useMe();
  const people = usePeople();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="who">
      <label>
        <span>You are</span>
        <select value={me.id} onChange={(event) => onBecome(event.target.value)}>
          {people
            .filter((each) => !each.isApp)
            .map((each) => (
              <option key={each.id} value={each.id}>
                {each.realName || each.name}
              </option>
            ))}
        </select>
      </label>
      <small title={`${me.zone}: all times are shown in this zone`}>
        {timeIn(me.zone, now)} in {me.zone.split('/').at(-1)?.replaceAll('_', ' ')}
      </small>
    </div>
  );
}
