// Faults a test or drill can lay in the way of the Web API: refusals, 429s, dropped connections, delays.
export interface ApiCall {
  method: string;
  args: Record<string, unknown>;
}

export type CallHook = (call: ApiCall) => void | Promise<void>;

export interface Faults {
  refuse(method: string, error: string, opts?: { times?: number; channel?: string; needed?: string }): void;
  rateLimit(method: string, opts?: { times?: number; retryAfter?: number; channel?: string }): void;
  status(method: string, code: number, opts?: { times?: number }): void;
  drop(method: string, when: 'before' | 'after', opts?: { times?: number }): void;
  delay(method: string, ms: number, opts?: { times?: number }): void;
  /** The whole API out of reach: connections are destroyed, sockets too. */
  down(): void;
  up(): void;
  /** Every event and command delivered twice, with the same event_id or trigger_id. */
  deliverTwice(on: boolean): void;
  before(method: string, hook: CallHook): () => void;
  /** After the work, before the answer. */
  after(method: string, hook: CallHook): () => void;
  clear(): void;
  /** What lies in the way of calls now. */
  laid(): LaidFault[];
  /** Takes one of them away; false when it is not there any more. */
  lift(id: number): boolean;
}

export interface LaidFault {
  id: number;
  method: string;
  effect: Effect;
  /** Infinity: until it is lifted. */
  left: number;
  channel?: string;
}

export type Effect =
  | { kind: 'refuse'; error: string; needed?: string }
  | { kind: 'rateLimit'; retryAfter: number }
  | { kind: 'status'; code: number }
  | { kind: 'drop'; when: 'before' | 'after' }
  | { kind: 'delay'; ms: number };

export interface FaultState {
  faults: LaidFault[];
  lastId: number;
  hooks: { method: string; when: 'before' | 'after'; hook: CallHook }[];
  isDown: boolean;
  twice: boolean;
  onDown: () => void;
  /** Told after anything here became different. */
  onChange: () => void;
  /** A channel's id by its name. */
  channelId: (nameOrId: string) => string;
}

export function newFaultState(): FaultState {
  return {
    faults: [],
    lastId: 0,
    hooks: [],
    isDown: false,
    twice: false,
    onDown: () => undefined,
    onChange: () => undefined,
    channelId: (id) => id,
  };
}

/** What meets this call, each fault counted down once. */
export function takeEffects(state: FaultState, call: ApiCall, channelId: string): Effect[] {
  const effects: Effect[] = [];
  for (const fault of state.faults) {
    if (fault.method !== '*' && fault.method !== call.method) continue;
    if (fault.channel !== undefined && state.channelId(fault.channel) !== channelId) continue;
    if (fault.left <= 0) continue;
    fault.left -= 1;
    effects.push(fault.effect);
  }
  state.faults = state.faults.filter((fault) => fault.left > 0);
  if (effects.length > 0) state.onChange();
  return effects;
}

export async function runHooks(state: FaultState, when: 'before' | 'after', call: ApiCall): Promise<void> {
  for (const one of [...state.hooks]) {
    if (one.when === when && (one.method === '*' || one.method === call.method)) await one.hook(call);
  }
}

export function faultControls(state: FaultState): Faults {
  function lay(method: string, effect: Effect, opts: { times?: number; channel?: string } | undefined): void {
    state.lastId += 1;
    state.faults.push({
      id: state.lastId,
      method,
      effect,
      left: opts?.times ?? Number.POSITIVE_INFINITY,
      ...(opts?.channel === undefined ? {} : { channel: opts.channel }),
    });
    state.onChange();
  }
  function hookIn(when: 'before' | 'after', method: string, hook: CallHook): () => void {
    const entry = { method, when, hook };
    state.hooks.push(entry);
    return () => {
      state.hooks = state.hooks.filter((one) => one !== entry);
    };
  }
  return {
    refuse: (method, error, opts) =>
      lay(method, { kind: 'refuse', error, ...(opts?.needed ? { needed: opts.needed } : {}) }, opts),
    rateLimit: (method, opts) => lay(method, { kind: 'rateLimit', retryAfter: opts?.retryAfter ?? 1 }, opts),
    status: (method, code, opts) => lay(method, { kind: 'status', code }, opts),
    drop: (method, when, opts) => lay(method, { kind: 'drop', when }, opts),
    delay: (method, ms, opts) => lay(method, { kind: 'delay', ms }, opts),
    down: () => {
      state.isDown = true;
      state.onDown();
      state.onChange();
    },
    up: () => {
      state.isDown = false;
      state.onChange();
    },
    deliverTwice: (on) => {
      state.twice = on;
      state.onChange();
    },
    before: (method, hook) => hookIn('before', method, hook),
    after: (method, hook) => hookIn('after', method, hook),
    clear: () => {
      state.faults = [];
      state.hooks = [];
      state.isDown = false;
      state.twice = false;
      state.onChange();
    },
    laid: () => structuredClone(state.faults),
    lift: (id) => {
      const before = state.faults.length;
      state.faults = state.faults.filter((fault) => fault.id !== id);
      state.onChange();
      return state.faults.length < before;
    },
  };
}
