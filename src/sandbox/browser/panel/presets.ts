// Faults a newcomer understands, each with what the app should do then. Plain values, no page.
import type { FaultAct, FaultCard, FaultsCard } from '../../page/contract.js';

export interface Preset {
  readonly name: string;
  /** One sentence: what one should see. */
  readonly expected: string;
  readonly lay: FaultAct;
}

/** The presets, in words about the app that is tried. */
export const presetsFor = (app: string): readonly Preset[] => [
  {
    name: 'Slack is slow',
    expected: 'Commands are still answered within three seconds; messages follow late and in order.',
    lay: { do: 'lay', kind: 'delay', method: '*', detail: '1500', times: null },
  },
  {
    name: 'Slack limits messages',
    expected: `${app} waits as long as Slack says, then posts each message once.`,
    lay: { do: 'lay', kind: 'rateLimit', method: 'chat.postMessage', detail: '10', times: 3 },
  },
  {
    name: 'Slack is down',
    expected: `${app} tries again until Slack is back, and then shows everything once and in order.`,
    lay: { do: 'down' },
  },
  {
    name: `${app} may not pin`,
    expected: `All else goes on without the pin, and ${app} says once what is missing and how to grant it.`,
    lay: { do: 'scope', name: 'pins:write', granted: false },
  },
  {
    name: 'No channel can be made',
    expected: `${app} goes on in a place where it can still post, and says so.`,
    lay: {
      do: 'lay',
      kind: 'refuse',
      method: 'conversations.create',
      detail: 'restricted_action',
      times: null,
    },
  },
  {
    name: 'Answers get lost',
    expected: `${app} looks whether its message is there before it repeats it, so it is there once.`,
    lay: { do: 'lay', kind: 'drop', method: 'chat.postMessage', detail: 'after', times: 3 },
  },
  {
    name: 'Everything comes twice',
    expected: `${app} does each thing once.`,
    lay: { do: 'twice', on: true },
  },
];

/** Whether what the preset lays is laid now, by whichever way. */
export function isLaid(preset: Preset, faults: FaultsCard): boolean {
  const { lay } = preset;
  if (lay.do === 'down') return faults.isDown;
  if (lay.do === 'twice') return faults.twice;
  if (lay.do === 'scope') return faults.scopes.some((each) => each.name === lay.name && !each.granted);
  return laidBy(preset, faults).length > 0;
}

/** What takes the preset away again. */
export function liftsOf(preset: Preset, faults: FaultsCard): FaultAct[] {
  const { lay } = preset;
  if (lay.do === 'down') return [{ do: 'up' }];
  if (lay.do === 'twice') return [{ do: 'twice', on: false }];
  if (lay.do === 'scope') return [{ ...lay, granted: true }];
  return laidBy(preset, faults).map((each) => ({ do: 'lift', id: each.id }));
}

function laidBy({ lay }: Preset, faults: FaultsCard): FaultCard[] {
  if (lay.do !== 'lay') return [];
  const { kind, method, detail } = lay;
  return faults.laid.filter((each) => each.kind === kind && each.method === method && each.detail === detail);
}

/** A laid fault in words: "chat.postMessage asks to wait 30 s, 2 more times". */
export function faultInWords(fault: FaultCard): string {
  const method = fault.method === '*' ? 'every method' : fault.method;
  return `${method} ${effectInWords(fault)}, ${timesInWords(fault.left)}`;
}

function effectInWords({ kind, detail }: FaultCard): string {
  if (kind === 'refuse') return `is refused with ${detail}`;
  if (kind === 'rateLimit') return `is told to wait ${detail} s`;
  if (kind === 'status') return `answers HTTP ${detail}`;
  if (kind === 'delay') return `answers ${detail} ms late`;
  return `loses the connection ${detail} the work`;
}

function timesInWords(left: number | null): string {
  if (left === null) return 'until lifted';
  return left === 1 ? 'once more' : `${left} more times`;
}

/** How many switches are on: the laid faults, the outage, double delivery, each scope taken away. */
export function faultCount(faults: FaultsCard): number {
  const switches = [faults.isDown, faults.twice, ...faults.scopes.map((each) => !each.granted)];
  return faults.laid.length + switches.filter(Boolean).length;
}

/** What any method may answer with; the server lists it for each method, and `*` is none of them. */
const COMMON = ['internal_error', 'service_unavailable', 'request_timeout', 'ratelimited', 'token_revoked'];

/** The errors a method can be refused with. */
export function errorsOf(faults: FaultsCard, method: string): readonly string[] {
  return faults.methods.find((each) => each.name === method)?.errors ?? COMMON;
}
