import { describe, expect, test } from 'vitest';
import {
  type Completion,
  completionFor,
  taken,
  verbsOf,
} from '../../../src/sandbox/browser/channel/completion.js';
import { commandIn, inThreadRefusal, tooLarge } from '../../../src/sandbox/browser/channel/sending.js';
import { channel, opening } from './kit.js';

const sources = {
  ...opening({ usergroups: [{ id: 'S1', handle: 'sre', name: 'Site reliability' }] }),
  channels: [
    channel('C1', 'general'),
    channel('C2', 'inc-1-writes-stuck'),
    channel('D1', 'Bob', { kind: 'im' }),
  ],
};

function offered(text: string, caret = text.length): Completion | null {
  return completionFor(text, caret, sources);
}

function labels(text: string): string[] {
  return offered(text)?.list.map((each) => each.label) ?? [];
}

describe('commands', () => {
  test('a slash offers the commands and the global shortcuts', () => {
    expect(labels('/')).toEqual(['/incident', 'Declare an incident']);
    expect(labels('/decl')).toEqual(['Declare an incident']);
  });

  test('a whole command is complete: Enter sends it', () => {
    expect(offered('/incident')).toBeNull();
  });

  test('after the command come its verbs, and fewer with each letter', () => {
    expect(labels('/incident ')).toEqual(['declare', 'note', 'resolve', 'reopen']);
    expect(labels('/incident re')).toEqual(['resolve', 'reopen']);
    expect(offered('/incident resolve')).toBeNull();
    expect(offered('/incident resolve ')).toBeNull();
  });

  test('Enter takes no verb that was not begun: the command alone may be meant', () => {
    expect(offered('/incident ')?.eager).toBe(false);
    expect(offered('/incident d')?.eager).toBe(true);
  });

  test('a slash within the text begins no command', () => {
    expect(labels('see /')).toEqual([]);
    expect(labels(' /')).toEqual([]);
  });

  test('a hint without bars has no verbs', () => {
    expect(verbsOf('declare | role ROLE @user | undo')).toEqual(['declare', 'role', 'undo']);
    expect(verbsOf('[text of the report]')).toEqual([]);
  });
});

describe('names', () => {
  test('people are found by handle and by either name, groups and the app too', () => {
    expect(labels('hello @cas')).toEqual(['@bob']);
    expect(labels('/incident role commander @an')).toEqual(['@ana', '@andon']);
    expect(labels('@rel')).toEqual(['@sre']);
    expect(labels('@her')).toEqual(['@here']);
  });

  test('channels are offered, conversations are not', () => {
    expect(labels('#')).toEqual(['#general', '#inc-1-writes-stuck']);
    expect(labels('see #writes')).toEqual(['#inc-1-writes-stuck']);
  });

  test('an address or a number is no name', () => {
    expect(labels('mail bob@')).toEqual([]);
    expect(labels('issue#4')).toEqual([]);
  });

  test('only what stands before the caret counts', () => {
    expect(offered('@bo and more', 3)?.list).toHaveLength(1);
    expect(offered('@bo and more')).toBeNull();
  });

  test('taking one replaces what was typed and keeps what follows', () => {
    const completion = offered('ask @bo please', 7);
    const [bob] = completion?.list ?? [];
    if (!completion || !bob) throw new Error('nothing was offered');
    expect(taken('ask @bo please', completion, bob)).toEqual({ text: 'ask @bob please', caret: 9 });
  });
});

describe('what is sent', () => {
  test('a command begins at the first letter, a message may hold one', () => {
    expect(commandIn('/incident note x')).toBe('/incident');
    expect(commandIn('see /incident')).toBeNull();
    expect(commandIn('/ hello')).toBeNull();
    expect(commandIn('/usr/bin is full')).toBeNull();
  });

  test('a command in a thread is refused in Slack’s words', () => {
    expect(inThreadRefusal('/incident')).toBe('/incident is not supported in threads. Sorry!');
  });

  test('a file too large for the local copy is refused before it is read', () => {
    expect(tooLarge('a.log', 1000)).toBeNull();
    expect(tooLarge('a.log', 50_000_000)).toContain('a.log is larger than');
  });
});
