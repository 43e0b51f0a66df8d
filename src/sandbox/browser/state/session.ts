// What every part of the page needs: the store, who one is, where one is, and how to act.
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { ChannelCard, PersonCard } from '../../page/contract.js';
import type { Viewer } from '../blocks/viewer.js';
import type { Place } from './address.js';
import type { Client } from './client.js';
import type { Log, Space } from './store.js';

export interface Session {
  readonly client: Client;
  readonly place: Place;
  go(place: Place, replace?: boolean): void;
  /** Follows a link of this workspace without leaving the page; false: the link leads elsewhere. */
  follow(href: string): boolean;
  /** Puts words into the composer of the channel one is in. */
  suggestWords(text: string): void;
  /** Says a sentence to who cannot see, and to nobody else. */
  announce(text: string): void;
}

export const SessionContext = createContext<Session | null>(null);

/** The session of the page; there is one wherever something is drawn. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('drawn outside a session');
  return session;
}

/** A part of the space; drawn again only when that part is another. The space must be open. */
export function useSpace<T>(select: (space: Space) => T): T {
  const { client } = useSession();
  const read = () => {
    const { space } = client.look();
    if (!space) throw new Error('drawn before the workspace was opened');
    return select(space);
  };
  return useSyncExternalStore(client.subscribe, read);
}

export function useMe(): PersonCard {
  return useSpace((space) => space.opening.me);
}

export function usePeople(): PersonCard[] {
  return useSpace((space) => space.opening.people);
}

export function useChannel(id: string): ChannelCard | undefined {
  return useSpace((space) => space.opening.channels.find((each) => each.id === id));
}

export function useLog(channel: string): Log | undefined {
  return useSpace((space) => space.logs[channel]);
}

/** Who looks, as the drawing of blocks wants to know it. */
export function useViewer(): Viewer {
  const { go, follow } = useSession();
  const me = useMe();
  const people = usePeople();
  const channels = useSpace((space) => space.opening.channels);
  const usergroups = useSpace((space) => space.opening.usergroups);
  const appUserId = useSpace((space) => space.opening.app.botUserId);
  const workspaceUrl = useSpace((space) => space.opening.team.url);
  // Channels change with every unread mark; what is drawn of them is the name.
  const names = channels.map((each) => `${each.id}${each.name}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: names stand for the channels
  return useMemo(
    () => ({
      zone: me.zone,
      people,
      channels,
      usergroups,
      appUserId,
      me: me.id,
      onChannel: (id: string) => go({ at: 'channel', channel: id }),
      workspaceUrl,
      onInside: (href: string) => void follow(href),
      fileUrl: (id: string) => `page/files/${id}?as=${me.id}`,
    }),
    [me.zone, me.id, people, names, usergroups, appUserId, workspaceUrl, go, follow],
  );
}

/** What to call somebody: the name people know, not the handle. */
export function nameOf(people: readonly PersonCard[], id: string): string {
  if (id === 'USLACKBOT') return 'Slackbot';
  const person = people.find((each) => each.id === id);
  return person ? person.realName || person.name : id;
}
