import { describe, expect, test } from 'vitest';
import {
  changed,
  openSpace,
  resumed,
  type Space,
  type SpaceChange,
} from '../../../src/sandbox/browser/state/store.js';
import type { WireCard } from '../../../src/sandbox/page/contract.js';
import { ana, channel, message, opening, ts } from './kit.js';

function spaceAfter(...changes: SpaceChange[]): Space {
  return changes.reduce(changed, openSpace(opening()));
}

function texts(space: Space): string[] {
  return (space.logs.C1?.messages ?? []).map((each) => each.text);
}

const asked: SpaceChange = { kind: 'asked', channel: 'C1' };
const fetched = (...messages: ReturnType<typeof message>[]): SpaceChange => ({
  kind: 'fetched',
  channel: 'C1',
  messages,
});

describe('messages', () => {
  test('a message that comes while its channel is fetched is there, whichever comes first', () => {
    const space = spaceAfter(
      asked,
      { kind: 'message', message: message(2, 'late') },
      fetched(message(1, 'early')),
    );
    expect(texts(space)).toEqual(['early', 'late']);
  });

  test('a message deleted while its channel is fetched stays deleted', () => {
    const space = spaceAfter(
      asked,
      { kind: 'message-gone', channel: 'C1', ts: ts(1) },
      fetched(message(1, 'gone'), message(2, 'here')),
    );
    expect(texts(space)).toEqual(['here']);
  });

  test('an edited message takes its own place', () => {
    const space = spaceAfter(asked, fetched(message(1, 'one'), message(2, 'two')), {
      kind: 'message',
      message: message(1, 'one, better', { edited: true }),
    });
    expect(texts(space)).toEqual(['one, better', 'two']);
  });

  test('messages stand by time, in whatever order they come', () => {
    const space = spaceAfter(asked, fetched(message(3, 'three')), {
      kind: 'message',
      message: message(1, 'one'),
    });
    expect(texts(space)).toEqual(['one', 'three']);
  });

  test('a channel nobody looked at is not begun by one message: it is fetched whole', () => {
    expect(spaceAfter({ kind: 'message', message: message(1, 'first') }).logs.C1).toBeUndefined();
  });

  test('what was dismissed stays away when the channel is fetched again, or the message changes', () => {
    const only = message(1, 'for you', { ephemeral: true });
    const space = spaceAfter(
      asked,
      fetched(only),
      { kind: 'dismissed', channel: 'C1', ts: only.ts },
      { kind: 'message', message: only },
      asked,
      fetched(only, message(2, 'for all')),
    );
    expect(texts(space)).toEqual(['for all']);
  });
});

describe('coming back after the line was lost', () => {
  test('what is shown stays shown and is fetched again', () => {
    const space = spaceAfter(asked, fetched(message(1, 'one')), { kind: 'opened', opening: opening() });
    expect(space.logs.C1).toMatchObject({ state: 'stale', messages: [{ text: 'one' }] });
  });
});

test('a channel whose fetching was given up with who one was is fetched again', () => {
  const space = resumed(spaceAfter(asked, { kind: 'message', message: message(1, 'late') }));
  expect(space.logs.C1).toMatchObject({ state: 'stale', messages: [{ text: 'late' }], late: [] });
});

test('a view closed while the server was away stays closed when it is back, until the server knows', () => {
  const view = {
    id: 'V1',
    hash: '1',
    depth: 0,
    title: 'A form',
    submit: null,
    close: null,
    blocks: [],
    state: {},
  };
  const shown: SpaceChange = { kind: 'view', view };
  const closed = spaceAfter(shown, { kind: 'view-closed', id: 'V1' });
  expect(closed.opening.view).toBeNull();
  const back = changed(closed, { kind: 'opened', opening: opening({ view }) });
  expect(back.opening.view).toBeNull();
  expect(changed(back, { kind: 'view', view: { ...view, id: 'V2' } }).opening.view?.id).toBe('V2');
  expect(changed(changed(back, { kind: 'closing-told' }), shown).opening.view?.id).toBe('V1');
});

describe('the rest', () => {
  test('a channel that changes is replaced, one that is gone is gone', () => {
    const one = spaceAfter({ kind: 'channel', channel: channel('C1', 'general', { unread: 3 }) });
    expect(one.opening.channels).toMatchObject([{ id: 'C1', unread: 3 }]);
    const two = changed(one, { kind: 'channel', channel: channel('C2', 'incidents') });
    expect(two.opening.channels.map((each) => each.id)).toEqual(['C1', 'C2']);
    const three = changed(two, { kind: 'channel-gone', id: 'C1' });
    expect(three.opening.channels.map((each) => each.id)).toEqual(['C2']);
  });

  test('who one is changes with the person', () => {
    const moved = { ...ana, zone: 'Asia/Tokyo' };
    const { opening: now } = spaceAfter({ kind: 'person', person: moved });
    expect(now.me).toEqual(moved);
    expect(now.people).toContainEqual(moved);
  });

  test('an acknowledgement replaces its request, and the oldest cards go', () => {
    const card = (number: number, state: WireCard['state']): SpaceChange => ({
      kind: 'wire',
      card: {
        number,
        at: 0,
        direction: 'to-app',
        kind: 'command',
        name: '/incident',
        via: 'http',
        state,
        sent: {},
      },
    });
    expect(spaceAfter(card(1, 'waiting'), card(1, 'ok')).opening.wire).toMatchObject([
      { number: 1, state: 'ok' },
    ]);
    const many = spaceAfter(...Array.from({ length: 1200 }, (_, number) => card(number, 'ok'))).opening.wire;
    expect(many).toHaveLength(1000);
    expect(many.at(-1)?.number).toBe(1199);
  });
});
