// What the composer offers while one types: commands and their verbs, people, channels, shortcuts. Pure.
import type { ChannelCard, CommandHint, PersonCard, ShortcutHint } from '../../page/contract.js';

export interface Suggestion {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  /** What is typed when it is taken; for a shortcut nothing, it runs. */
  readonly insert: string;
  readonly shortcut?: string;
}

export interface Completion {
  /** What of the text is replaced. */
  readonly from: number;
  readonly to: number;
  readonly list: readonly Suggestion[];
  /** Whether Enter takes the first: not where what is typed may be meant as it stands. */
  readonly eager: boolean;
}

export interface Sources {
  readonly commands: readonly CommandHint[];
  readonly shortcuts: readonly ShortcutHint[];
  readonly people: readonly PersonCard[];
  readonly channels: readonly ChannelCard[];
  readonly usergroups: readonly { id: string; handle: string; name: string }[];
}

const everybody: readonly Suggestion[] = [
  { key: '@here', label: '@here', detail: 'everyone who is active here', insert: '@here ' },
  { key: '@channel', label: '@channel', detail: 'everyone in this channel', insert: '@channel ' },
];
const mostShown = 30;

/** What is offered for the text up to the caret; null: nothing. */
export function completionFor(text: string, caret: number, sources: Sources): Completion | null {
  const typed = text.slice(0, caret);
  const found = commandsFor(typed, sources) ?? verbsFor(typed, sources) ?? namesFor(typed, sources);
  if (!found || found.list.length === 0) return null;
  // Nothing is left to complete where the only offer is what stands there.
  const [only] = found.list;
  if (found.list.length === 1 && only?.insert.trim() === typed.slice(found.from).trim() && !only.shortcut)
    return null;
  return { ...found, to: caret, list: found.list.slice(0, mostShown) };
}

/** The text after a suggestion was taken, and where the caret then stands. */
export function taken(
  text: string,
  completion: Completion,
  suggestion: Suggestion,
): { text: string; caret: number } {
  const before = text.slice(0, completion.from) + suggestion.insert;
  return { text: before + text.slice(completion.to).replace(/^ /, ''), caret: before.length };
}

/** The verbs of a usage hint such as `declare | ack | note`. */
export function verbsOf(usageHint: string): string[] {
  if (!usageHint.includes('|')) return [];
  return usageHint
    .split('|')
    .map((part) => part.trim().split(/\s/)[0] ?? '')
    .filter((verb) => /^[a-z][\w-]*$/i.test(verb));
}

type Found = Omit<Completion, 'to'>;

function commandsFor(typed: string, sources: Sources): Found | null {
  if (!/^\/\S*$/.test(typed)) return null;
  const word = typed.toLowerCase();
  const commands = sources.commands
    .filter((each) => each.command.startsWith(word))
    .map((each) => ({
      key: each.command,
      label: each.command,
      detail: each.description,
      insert: `${each.command} `,
    }));
  const shortcuts = sources.shortcuts
    .filter((each) => each.type === 'global' && hasWord(each.name, word.slice(1)))
    .map((each) => ({
      key: `shortcut ${each.callbackId}`,
      label: each.name,
      detail: `shortcut: ${each.description}`,
      insert: '',
      shortcut: each.callbackId,
    }));
  const isWhole = commands.some((each) => each.key === word);
  return { from: 0, list: [...commands, ...(isWhole ? [] : shortcuts)], eager: true };
}

function verbsFor(typed: string, sources: Sources): Found | null {
  const found = /^(\/\S+)\s+(\S*)$/.exec(typed);
  if (!found) return null;
  const [, command = '', word = ''] = found;
  const hint = sources.commands.find((each) => each.command === command.toLowerCase());
  if (!hint) return null;
  const list = verbsOf(hint.usageHint)
    .filter((verb) => verb.startsWith(word.toLowerCase()))
    .map((verb) => ({ key: verb, label: verb, detail: `${command} ${verb}`, insert: `${verb} ` }));
  return { from: typed.length - word.length, list, eager: word !== '' };
}

function namesFor(typed: string, sources: Sources): Found | null {
  const found = /(?:^|[\s(,:])([@#])([\p{L}\p{N}._-]*)$/u.exec(typed);
  if (!found) return null;
  const [, sign, word = ''] = found;
  const list = sign === '@' ? namesOf(word, sources) : channelsOf(word, sources);
  return { from: typed.length - word.length - 1, list, eager: true };
}

function namesOf(word: string, sources: Sources): Suggestion[] {
  const people = sources.people
    .filter((each) => hasWord(each.name, word) || hasWord(each.realName, word))
    .map((each) => ({
      key: each.id,
      label: `@${each.name}`,
      detail: each.isApp ? `${each.realName}, app` : each.realName,
      insert: `@${each.name} `,
    }));
  const groups = sources.usergroups
    .filter((each) => hasWord(each.handle, word) || hasWord(each.name, word))
    .map((each) => ({
      key: each.id,
      label: `@${each.handle}`,
      detail: each.name,
      insert: `@${each.handle} `,
    }));
  return [...people, ...groups, ...everybody.filter((each) => each.key.startsWith(`@${word}`))];
}

function channelsOf(word: string, sources: Sources): Suggestion[] {
  return sources.channels
    .filter((each) => (each.kind === 'channel' || each.kind === 'group') && hasWord(each.name, word))
    .map((each) => ({
      key: each.id,
      label: `#${each.name}`,
      detail: each.topic,
      insert: `#${each.name} `,
    }));
}

/** Whether a name, or a word within it, begins like that. */
function hasWord(name: string, start: string): boolean {
  const lower = name.toLowerCase();
  const begin = start.toLowerCase();
  return lower.startsWith(begin) || lower.split(/[\s._-]+/).some((word) => word.startsWith(begin));
}
