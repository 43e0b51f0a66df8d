// What somebody may mean by a word that is no verb: another word for one, or a slip of the keyboard.
import type { SurfaceName } from './command.js';

type Words = Readonly<Record<string, string>>;

/** What people call things elsewhere, and the verb that it is here. */
export const otherWords: Readonly<Record<SurfaceName, Words>> = {
  incident: {
    ...each('page', 'call', 'notify', 'ring', 'wake', 'paging', 'summon'),
    ...each('ack', 'acknowledge', 'acknowledged', 'acked', 'got', 'gotit'),
    ...each('oncall', 'rota', 'roster', 'rotation', 'rotations'),
    ...each('handover', 'handoff', 'hand', 'takeover', 'pass', 'transfer'),
    ...each('role', 'lead', 'commander'),
    ...each('roles', 'who'),
    ...each('show', 'info', 'details', 'state'),
    ...each('brief', 'summary', 'catchup'),
    ...each('declare', 'new', 'create', 'start', 'raise'),
    ...each('severity', 'priority'),
    ...each('resolve', 'resolved', 'fixed', 'solved'),
    ...each('task', 'todo', 'action'),
    ...each('tasks', 'todos', 'actions'),
    ...each('update', 'comms', 'announce', 'broadcast', 'publish'),
    ...each('subscribe', 'follow', 'watch'),
    ...each('unsubscribe', 'unfollow', 'unwatch'),
    ...each('note', 'comment', 'log', 'remark'),
    ...each('timeline', 'history', 'events'),
    ...each('export', 'postmortem', 'retro', 'retrospective', 'pdf'),
    ...each('checklist', 'runbook', 'playbook'),
    ...each('duty', 'override', 'swap'),
    ...each('contact', 'email', 'mail', 'phone'),
    ...each('escalation', 'policy', 'levels'),
  },
  change: {
    ...each('announce', 'new', 'create', 'declare', 'add', 'schedule'),
    ...each('start', 'begin', 'begun'),
    ...each('done', 'complete', 'completed', 'finished', 'end'),
    ...each('rollback', 'revert', 'reverted', 'undo'),
    ...each('move', 'postpone', 'reschedule', 'delay'),
    ...each('list', 'all', 'search', 'find'),
    ...each('running', 'now', 'open'),
    ...each('service', 'owner', 'team'),
  },
  freeze: {
    ...each('on', 'begin', 'new', 'declare', 'block', 'stop'),
    ...each('lift', 'unfreeze', 'thaw', 'unblock'),
    ...each('extend', 'longer', 'prolong'),
    ...each('status', 'now', 'check'),
    ...each('except', 'exempt', 'allow', 'bypass', 'exception'),
    ...each('break', 'emergency', 'override', 'glass'),
  },
  report: {},
};

/** Verbs that change much or take something away: a slip that is merely near to one never offers it. */
export const graveVerbs: Readonly<Record<SurfaceName, readonly string[]>> = {
  incident: [
    ...['undo', 'redact', 'strike', 'resolve', 'close', 'reopen', 'merge', 'freeze', 'withdraw', 'drop'],
    ...['forget', 'unschedule', 'undefine', 'relieve', 'permit', 'unsubscribe', 'suspect'],
  ],
  change: ['rollback', 'cancel', 'fail', 'remove', 'validate'],
  freeze: ['on', 'start', 'lift', 'off', 'end', 'break', 'approve', 'deny', 'revoke', 'drop', 'keep'],
  report: ['redact', 'dismiss'],
};

const shortWord = 4;

/** The verb that is probably meant by words that name none; undefined where nothing is near. */
export function guessVerb(surface: SurfaceName, words: string, verbs: readonly string[]): string | undefined {
  const meant = elsewhere(surface, words, verbs);
  if (meant) return meant;
  const mild = verbs.filter((verb) => !graveVerbs[surface].includes(verb));
  return nearest(splitWords(words)[0] ?? '', mild);
}

/** Whether what begins so may be no verb at all but what is wrong, as in `call centre is down`. */
export function maybeSentence(surface: SurfaceName, text: string, verbs: readonly string[]): boolean {
  const words = splitWords(text);
  if (words.length < 2) return false;
  if (guessVerb(surface, text, verbs) === undefined) return true;
  return elsewhere(surface, text, verbs) !== undefined && words.length > 2 && !text.includes('@');
}

// `on-call` and `hand over` are words of their own elsewhere.
function elsewhere(surface: SurfaceName, text: string, verbs: readonly string[]): string | undefined {
  const [first = '', second = ''] = splitWords(text);
  const written = [first + second, first].map((word) => word.replace(/[_-]+/g, ''));
  const table = new Map(Object.entries(otherWords[surface]));
  for (const word of written) {
    const meant = verbs.find((verb) => verb === word) ?? table.get(word);
    if (meant) return meant;
  }
  return undefined;
}

function splitWords(text: string): string[] {
  return text.trim().toLowerCase().split(/\s+/, 3);
}

function nearest(word: string, verbs: readonly string[]): string | undefined {
  // Of a short word two letters are most of it: “the” is not “due”.
  const far = word.length < shortWord ? 1 : 2;
  const close = verbs.filter((verb) => distance(verb, word) <= far);
  return close.sort((a, b) => distance(a, word) - distance(b, word))[0];
}

function each(verb: string, ...words: readonly string[]): Words {
  return Object.fromEntries(words.map((word) => [word, verb]));
}

/** Levenshtein's distance, for “did you mean”. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
