// Where a link goes: what may be followed, what leads into this workspace, and what hides its goal.

export interface Permalink {
  channel: string;
  ts: string;
  threadTs?: string;
}

/** The address to follow, or undefined for what Slack's client would not open. */
export function safeHref(url: string): string | undefined {
  const trimmed = url.trim();
  return /^(?:https?:\/\/[^\s/]|mailto:\S|slack:\/\/)/i.test(trimmed) ? trimmed : undefined;
}

/** The message a permalink of Slack's means. */
export function permalinkOf(url: string): Permalink | undefined {
  const match = /^https?:\/\/[^/?#]+\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})(?:\?([^#]*))?$/.exec(url);
  if (!match?.[1]) return undefined;
  const threadTs = new URLSearchParams(match[4] ?? '').get('thread_ts');
  return { channel: match[1], ts: `${match[2]}.${match[3]}`, ...(threadTs ? { threadTs } : {}) };
}

/** The host to show beside a label that itself looks like another address. */
export function otherHost(label: string, url: string): string | undefined {
  const shown = /^(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?=$|[/:?#\s])/i.exec(label.trim())?.[1];
  if (!shown || !URL.canParse(url)) return undefined;
  const real = new URL(url).hostname;
  const bare = (host: string): string => host.toLowerCase().replace(/^www\./, '');
  return real && bare(shown) !== bare(real) ? real : undefined;
}
