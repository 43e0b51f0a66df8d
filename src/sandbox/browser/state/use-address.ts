// The address as state: reload and back work, because nothing else remembers where one is.
import { useCallback, useSyncExternalStore } from 'react';
import { type Place, readPerson, readPlace, writePlace } from './address.js';

const movedEvent = 'andon:moved';

function subscribe(listener: () => void): () => void {
  for (const name of ['hashchange', 'popstate', movedEvent]) window.addEventListener(name, listener);
  return () => {
    for (const name of ['hashchange', 'popstate', movedEvent]) window.removeEventListener(name, listener);
  };
}

let lastHref = '';
let last: { as: string; place: Place } = { as: '', place: { at: 'start' } };

function read(): { as: string; place: Place } {
  if (location.href !== lastHref) {
    lastHref = location.href;
    last = { as: readPerson(location.search), place: readPlace(location.hash) };
  }
  return last;
}

export interface Address {
  readonly as: string;
  readonly place: Place;
  /** Goes to a place; `replace` leaves no step to go back to. */
  go(place: Place, replace?: boolean): void;
  become(id: string): void;
}

/** Who one is and where, from the address, and the ways to change both. */
export function useAddress(): Address {
  const { as, place } = useSyncExternalStore(subscribe, read);
  const move = useCallback((href: string, replace = false) => {
    if (replace) history.replaceState(null, '', href);
    else history.pushState(null, '', href);
    window.dispatchEvent(new Event(movedEvent));
  }, []);
  const go = useCallback(
    (to: Place, replace?: boolean) => move(`${location.search || '?'}${writePlace(to)}`, replace),
    [move],
  );
  const become = useCallback((id: string) => move(`?as=${encodeURIComponent(id)}${location.hash}`), [move]);
  return { as, place, go, become };
}
