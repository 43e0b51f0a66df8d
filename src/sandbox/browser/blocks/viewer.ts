// Who looks, and whom and what they may see named: what drawing a message needs to know beside the message.
import { createContext, useContext } from 'react';
import type { ChannelCard, PersonCard } from '../../page/contract.js';

export interface Viewer {
  /** IANA zone: dates are drawn in it, wherever the browser is. */
  zone: string;
  people: readonly PersonCard[];
  channels: readonly ChannelCard[];
  usergroups: readonly { id: string; handle: string; name: string }[];
  appUserId: string;
  /** Their own id: a mention of oneself stands out more. */
  me?: string;
  /** Opens a channel in the page; without it channel names are plain words. */
  onChannel?: (id: string) => void;
  /** Links to its host are this workspace's own; without it every link leads elsewhere. */
  workspaceUrl?: string;
  /** Follows a link of this workspace in the page. */
  onInside?: (href: string) => void;
  /** Where a file of the workspace is served to this person. */
  fileUrl?: (id: string) => string;
  /** The clock for "Today" and "3 minutes ago"; the browser's when left out. */
  now?: () => number;
}

const nobody: Viewer = { zone: 'UTC', people: [], channels: [], usergroups: [], appUserId: '' };

export const ViewerContext = createContext<Viewer>(nobody);

/** The viewer of the blocks around. */
export function useViewer(): Viewer {
  return useContext(ViewerContext);
}

/** The name by which people are shown and mentioned. */
export function nameOf(viewer: Viewer, id: string): string | undefined {
  const person = viewer.people.find((one) => one.id === id);
  return person && (person.realName || person.name);
}
