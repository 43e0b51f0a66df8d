// The panel: how a wire card reads, what is masked, and what each switch lays and lifts.
import { describe, expect, test } from 'vitest';
import { masked, shownJson } from '../../../src/sandbox/browser/panel/masked.js';
import {
  errorsOf,
  faultCount,
  faultInWords,
  isLaid,
  liftsOf,
  presetsFor,
} from '../../../src/sandbox/browser/panel/presets.js';
import {
  announcementOf,
  cardsShown,
  clockOf,
  directionOf,
  instantOf,
  refusedSince,
  stateOf,
  summaryOf,
  tookOf,
} from '../../../src/sandbox/browser/panel/read.js';
import type { FaultAct, FaultCard, FaultsCard, WireCard } from '../../../src/sandbox/page/contract.js';

let number = 0;

function card(over: Partial<WireCard> = {}): WireCard {
  number += 1;
  return {
    number,
    at: Date.UTC(2026, 10, 21, 10, 42, 7, 5),
    direction: 'from-app',
    kind: 'call',
    name: 'chat.postMessage',
    via: 'http',
    state: 'ok',
    sent: { channel: 'C1', text: `number ${number}` },
    ...over,
  };
}

const fromSlack = { direction: 'to-app' } as const;
const refused = { state: 'refused', error: 'ratelimited' } as const;

const PRESETS = presetsFor('Andon');

describe('a card reads', () => {
  test('in words: who spoke, and what became of it', () => {
    expect(directionOf(card())).toBe('Andon → Slack');
    expect(directionOf(card(fromSlack))).toBe('Slack → Andon');
    expect(stateOf(card())).toBe('ok');
    expect(stateOf(card({ state: 'waiting' }))).toBe('waiting');
    expect(stateOf(card(refused))).toBe('refused: ratelimited');
    expect(stateOf(card({ state: 'refused' }))).toBe('refused');
    expect(stateOf(card({ ...refused, repeats: 1 }))).toBe('again, refused: ratelimited');
  });

  test('with its time to the millisecond, in the zone one asks for', () => {
    expect(clockOf(card().at, 'Europe/Berlin')).toBe('11:42:07.005');
    expect(clockOf(card().at, 'America/Los_Angeles')).toBe('02:42:07.005');
    expect(instantOf(card().at, 'Europe/Berlin')).toMatch(/^Saturday,? 21 November 2026.*CET/);
  });

  test('with how long it took; nothing while it waits', () => {
    expect(tookOf(card({ latencyMs: 12.4 }))).toBe('12 ms');
    expect(tookOf(card({ latencyMs: 3049 }))).toBe('3.0 s');
    expect(tookOf(card({ state: 'waiting' }))).toBe('');
  });

  test.each<[string, Partial<WireCard>]>([
    [
      'declare writes are stuck',
      { ...fromSlack, kind: 'command', sent: { text: 'declare writes\nare stuck' } },
    ],
    ['hello', { ...fromSlack, kind: 'event', sent: { event: { type: 'message', text: 'hello' } } }],
    ['pushpin', { ...fromSlack, kind: 'event', sent: { event: { reaction: 'pushpin' } } }],
    ['ack', { ...fromSlack, kind: 'interaction', sent: { actions: [{ action_id: 'ack' }] } }],
    ['declare', { ...fromSlack, kind: 'interaction', sent: { view: { callback_id: 'declare' } } }],
    ['inc-1-writes', { name: 'conversations.create', sent: { name: 'inc-1-writes' } }],
    ['C1', { name: 'pins.add', sent: { channel: 'C1', timestamp: '1.2' } }],
    ['', { name: 'auth.test', sent: {} }],
  ])('with what it is about: %s', (expected, over) => {
    expect(summaryOf(card(over))).toBe(expected);
  });

  test('what it is about is cut, and tokens in it are masked', () => {
    expect(summaryOf(card({ sent: { text: 'x'.repeat(200) } }))).toHaveLength(80);
    expect(summaryOf(card({ sent: { text: 'use xoxb-1-secret now' } }))).toBe('use xoxb-(masked) now');
  });
});

describe('tokens and secrets are masked', () => {
  test('by the name of their field, and by their looks anywhere', () => {
    const sent = {
      token: 'abc',
      view: { client_secret: 's', list: ['xapp-1-A-2', 'Bearer xoxp-3'] },
      url: 'wss://127.0.0.1/link?ticket=abc&app_id=A1',
      text: 'the box is open',
    };
    expect(masked(sent)).toEqual({
      token: '(masked)',
      view: { client_secret: '(masked)', list: ['xapp-(masked)', 'Bearer xoxp-(masked)'] },
      url: 'wss://127.0.0.1/link?ticket=(masked)&app_id=A1',
      text: 'the box is open',
    });
  });

  test('and what is left is shown as JSON on lines of its own', () => {
    expect(shownJson({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(shownJson(undefined)).toBe('(nothing)');
    expect(shownJson('plain xoxb-1')).toBe('plain xoxb-(masked)');
  });
});

describe('the list is filtered', () => {
  const cards = [
    card({ ...fromSlack, kind: 'command', name: '/incident', sent: { text: 'declare Fire' } }),
    card({ ...fromSlack, kind: 'interaction', name: 'block_actions' }),
    card({ ...fromSlack, kind: 'event', name: 'message' }),
    card({ kind: 'response_url', name: 'response_url' }),
    card({ ...refused, meaning: 'Too many in a minute.', sent: { token: 'needle' } }),
  ];
  const names = (found: WireCard[]) => found.map((each) => each.name);

  test('by what they are', () => {
    expect(cardsShown(cards, 'all', '')).toEqual(cards);
    expect(names(cardsShown(cards, 'refused', ''))).toEqual(['chat.postMessage']);
    expect(names(cardsShown(cards, 'commands', ''))).toEqual(['/incident', 'block_actions']);
    expect(names(cardsShown(cards, 'events', ''))).toEqual(['message']);
    expect(names(cardsShown(cards, 'calls', ''))).toEqual(['response_url', 'chat.postMessage']);
  });

  test('by words, all of which must occur, in any case', () => {
    expect(names(cardsShown(cards, 'all', 'FIRE declare'))).toEqual(['/incident']);
    expect(names(cardsShown(cards, 'all', 'too many refused'))).toEqual(['chat.postMessage']);
    expect(cardsShown(cards, 'events', 'fire')).toEqual([]);
  });

  test('and stands in the order of time: a call before the event that it caused', () => {
    const event = card({ ...fromSlack, kind: 'event', name: 'message', at: 1003 });
    const call = card({ at: 1000 });
    const sameTime = card({ at: 1003, name: 'pins.add' });
    expect(cardsShown([event, call, sameTime], 'all', '')).toEqual([call, event, sameTime]);
  });

  test('what is masked is not found', () => {
    expect(cardsShown(cards, 'all', 'needle')).toEqual([]);
  });
});

describe('what was refused is said', () => {
  test('and counted from where it is news, or from the beginning where the server began anew', () => {
    const [first, second] = [card(refused), card(refused)];
    expect(refusedSince([first, card(), second], 0)).toBe(2);
    expect(refusedSince([first, second], first.number)).toBe(1);
    expect(refusedSince([first, second], second.number)).toBe(0);
    expect(refusedSince([first, second], second.number + 1)).toBe(2);
  });

  test('with the method and the error, once for many', () => {
    expect(announcementOf([])).toBe('');
    expect(announcementOf([card(refused)])).toBe('1 refused: chat.postMessage ratelimited');
    const taken = card({ state: 'refused', name: 'conversations.create', error: 'name_taken' });
    const late = card({ state: 'refused', name: '/incident', error: 'operation_timeout' });
    expect(announcementOf([card(refused), card(refused), taken, late])).toBe(
      '4 refused: chat.postMessage ratelimited (2), conversations.create name_taken and 1 more',
    );
  });
});

describe('faults', () => {
  const quiet: FaultsCard = {
    laid: [],
    isDown: false,
    twice: false,
    scopes: [
      { name: 'chat:write', granted: true },
      { name: 'pins:write', granted: true },
    ],
    methods: [{ name: 'conversations.create', errors: ['name_taken', 'missing_scope'] }],
  };

  // What the server does with an act, as far as the card shows it.
  function after(faults: FaultsCard, act: FaultAct): FaultsCard {
    if (act.do === 'lay') {
      const { kind, method, detail, times } = act;
      return {
        ...faults,
        laid: [...faults.laid, { id: faults.laid.length + 1, kind, method, detail, left: times }],
      };
    }
    if (act.do === 'lift') return { ...faults, laid: faults.laid.filter((each) => each.id !== act.id) };
    if (act.do === 'twice') return { ...faults, twice: act.on };
    if (act.do === 'scope') {
      const scopes = faults.scopes.map((each) =>
        each.name === act.name ? { ...each, granted: act.granted } : each,
      );
      return { ...faults, scopes };
    }
    if (act.do === 'clear') return quiet;
    return { ...faults, isDown: act.do === 'down' };
  }

  test.each(PRESETS.map((preset) => [preset.name, preset] as const))('%s: on, and off again', (_, preset) => {
    expect(isLaid(preset, quiet)).toBe(false);
    const laid = after(quiet, preset.lay);
    expect(isLaid(preset, laid)).toBe(true);
    expect(faultCount(laid)).toBe(1);
    expect(PRESETS.filter((each) => isLaid(each, laid))).toEqual([preset]);
    expect(liftsOf(preset, laid).reduce(after, laid)).toEqual(quiet);
  });

  test('a preset says in one sentence what to expect', () => {
    for (const { expected } of PRESETS) expect(expected).toMatch(/^[A-Z][^.!?]+\.$/);
  });

  test.each<[string, Omit<FaultCard, 'id'>]>([
    [
      'chat.update is refused with cant_update_message, once more',
      { kind: 'refuse', method: 'chat.update', detail: 'cant_update_message', left: 1 },
    ],
    [
      'every method is told to wait 30 s, 2 more times',
      { kind: 'rateLimit', method: '*', detail: '30', left: 2 },
    ],
    [
      'pins.add answers HTTP 503, until lifted',
      { kind: 'status', method: 'pins.add', detail: '503', left: null },
    ],
    [
      'pins.add loses the connection after the work, until lifted',
      { kind: 'drop', method: 'pins.add', detail: 'after', left: null },
    ],
    [
      'every method answers 1500 ms late, until lifted',
      { kind: 'delay', method: '*', detail: '1500', left: null },
    ],
  ])('in words: %s', (words, fault) => {
    expect(faultInWords({ id: 1, ...fault })).toBe(words);
  });

  test('the errors to choose from are the method’s own', () => {
    expect(errorsOf(quiet, 'conversations.create')).toEqual(['name_taken', 'missing_scope']);
    expect(errorsOf(quiet, '*')).toContain('internal_error');
  });
});
