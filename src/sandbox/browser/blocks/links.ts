// Where a link goes: what may be followed, what leads into this workspace, and what hides its goal.

/** The address to follow, or undefined for what Slack's client would not open. */
export function safeHref(url: string): string | undefined {
  const trimmed = url.trim();
  return /^(?:https?:\/\/[^\s/]|mailto:\S|slack:\/\/)/i.test(trimmed) ? trimmed : undefined;
}

/** Whether a link is this workspace's: its host is, whatever it leads to. */
export function isInside(href: string, workspaceUrl: string): boolean {
  if (!/^https?:/i.test(href) || !URL.canParse(href) || !URL.canParse(workspaceUrl)) return false;
  return new URL(href).host === new URL(workspaceUrl).host;
}

/** The host to show beside a label that itself looks like another address. */
export function otherHost(label: string, url: string): string | undefined {
  const shown = /^(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?=$|[/:?#\s])/i.exec(label.trim())?.[1];
  if (!shown || !URL.canParse(url)) return undefined;
  const real = new URL(url).hostname;
  const bare = (host: string): string => host.toLowerCase().replace(/^www\./, '');
  return real && bare(shown) !== bare(real) ? real : undefined;
}
