// Where one is, as the address says it: the person in `?as=`, the channel and thread behind `#`. Pure.

export interface Place {
  readonly at: 'start' | 'channel' | 'home';
  readonly channel?: string;
  /** The thread that is open beside it. */
  readonly thread?: string;
  /** The message a link led to. */
  readonly message?: string;
}

/** Reads what stands behind `#`; what it does not know is the start. */
export function readPlace(hash: string): Place {
  const [where = '', word, ts] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  if (where === 'home') return { at: 'home' };
  if (!/^[CDG][A-Z0-9]+$/.test(where)) return { at: 'start' };
  if (word === 'thread' && ts && isTs(ts)) return { at: 'channel', channel: where, thread: ts };
  if (word === 'at' && ts && isTs(ts)) return { at: 'channel', channel: where, message: ts };
  return { at: 'channel', channel: where };
}

/** What stands behind `#` for a place. */
export function writePlace(place: Place): string {
  if (place.at === 'home') return '#/home';
  if (place.at === 'start' || !place.channel) return '#/';
  if (place.thread) return `#/${place.channel}/thread/${place.thread}`;
  if (place.message) return `#/${place.channel}/at/${place.message}`;
  return `#/${place.channel}`;
}

/** Who the address says one is, if it does. */
export function readPerson(search: string): string {
  return new URLSearchParams(search).get('as') ?? '';
}

/** The place a link of this workspace leads to; null where it leads to no channel. */
export function placeOfPermalink(href: string): Place | null {
  const { pathname, searchParams } = new URL(href);
  const found = /^\/archives\/([CDG][A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?\/?$/.exec(pathname);
  if (!found) return null;
  const [, channel = '', seconds, micros] = found;
  if (!seconds) return { at: 'channel', channel };
  const thread = searchParams.get('thread_ts');
  if (thread && isTs(thread)) return { at: 'channel', channel, thread };
  return { at: 'channel', channel, message: `${seconds}.${micros}` };
}

function isTs(text: string): boolean {
  return /^\d{10}\.\d{6}$/.test(text);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
