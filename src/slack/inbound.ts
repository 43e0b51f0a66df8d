// What Slack sends, as plain words: its entities undone, its references named.

/** A person as Slack's token has it; the name is there only in slash commands. */
const personToken = /<@([UW][A-Z0-9]+)(?:\|([^>]*))?>/g;
const otherToken = /<(#[A-Z0-9]+|!(?!subteam\^)[^>|]+|(?:https?|mailto|tel):[^>|]+)(?:\|([^>]*))?>/g;

/** The ids of the people that a text names. */
export function peopleIn(text: string): string[] {
  return [...new Set([...text.matchAll(personToken)].map((match) => match[1] ?? ''))];
}

/**
 * Plain text of a message or a command. Mentions of people stay tokens, with their names put in, and so do those of
 * groups, for the grammar to read; channels and links become what they look like; `&amp; &lt; &gt;` become themselves, as
 * docs.slack.dev says of text from Slack.
 */
export function plainText(text: string, names: ReadonlyMap<string, { name: string }>): string {
  return text
    .replace(otherToken, (_all, target: string, label?: string) => shown(target, label))
    .replace(
      personToken,
      (_all, id: string, label?: string) => `<@${id}|${(names.get(id.toLowerCase())?.name ?? label) || id}>`,
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function shown(target: string, label: string | undefined): string {
  if (target.startsWith('#')) return `#${label || target.slice(1)}`;
  if (target.startsWith('!date^')) return label ?? '';
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  const address = target.replace(/^(mailto|tel):/, '');
  // A label that differs from its address may lie; both are kept.
  return label && label !== address && label !== target && !address.endsWith(`//${label}`)
    ? `${label} (${address})`
    : address;
}
