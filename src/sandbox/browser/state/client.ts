// The line to the server: fetch for what is asked, an event stream for what changes, and one store for both.
import type {
  Act,
  ActAnswer,
  FaultAct,
  FaultsCard,
  Opening,
  PageChange,
  PageMessage,
} from '../../page/contract.js';
import { changed, openSpace, resumed, type Space, type SpaceChange, slackbotSays } from './store.js';

/** How the line to the server is: `lost` comes back by itself. */
export type Line = 'connecting' | 'open' | 'lost';

export interface Seen {
  readonly space: Space | null;
  readonly line: Line;
  /** Why nothing can be shown, in a sentence. */
  readonly refusal: string | null;
}

interface Refused {
  readonly ok: false;
  readonly said: string;
}

/** Changes within this time are drawn together: a command brings a dozen. */
const gatherMs = 12;
const retryMs = 2000;
const noAnswer =
  'The local workspace does not answer. See whether npm start still runs; this page connects again by itself.';

/** One person's view of the workspace, kept current until it is closed. */
export class Client {
  private seen: Seen;
  private readonly listeners = new Set<() => void>();
  private waiting: SpaceChange[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stream: EventSource | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private wasOpen = false;
  /** What came while the whole is being read: the answer may be older than it. */
  private meanwhile: PageChange[] | null = null;

  constructor(
    private readonly as: string,
    known: Space | null,
  ) {
    this.seen = { space: known && resumed(known), line: 'connecting', refusal: null };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly look = (): Seen => this.seen;

  /** Begins to listen, and reads the whole once. */
  open(): void {
    this.listen();
    void this.refresh();
  }

  close(): void {
    this.stream?.close();
    clearTimeout(this.retry);
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Does what the person asks; a server that is away is an answer too. */
  readonly act = async (act: Act): Promise<ActAnswer> => {
    if (act.do === 'closeView') this.closeView(act.all);
    const answer = await post<ActAnswer>('page/act', { as: this.me(), act });
    if (act.do === 'closeView' && answer) this.tell({ kind: 'closing-told' });
    return answer ?? { ok: false, error: 'unreachable', said: noAnswer };
  };

  /** Moves one of the switches of the panel; throws the sentence of a server that will not. */
  readonly fault = async (act: FaultAct): Promise<void> => {
    const answer = await post<FaultsCard | Refused>('page/faults', act);
    if (answer === null) throw new Error(noAnswer);
    if ('ok' in answer) throw new Error(answer.said);
  };

  /** Fetches a channel's messages, unless that is under way. */
  readonly load = async (channel: string): Promise<void> => {
    this.flush();
    const state = this.seen.space?.logs[channel]?.state;
    if (!this.seen.space || state === 'loading' || state === 'ready') return;
    this.tell({ kind: 'asked', channel });
    this.flush();
    const answer = await get<{ messages: PageMessage[] }>(`page/channels/${channel}?as=${this.me()}`);
    if (typeof answer === 'string') this.tell({ kind: 'refused', channel });
    else this.tell({ kind: 'fetched', channel, messages: answer.messages });
  };

  readonly dismiss = (channel: string, ts: string): void => this.tell({ kind: 'dismissed', channel, ts });

  /** Shows words of Slack's client itself, to this person alone. */
  readonly say = (channel: string, text: string, threadTs?: string): void => {
    const last = this.seen.space?.logs[channel]?.messages.at(-1)?.ts ?? '0';
    const now = (Date.now() / 1000).toFixed(6);
    const ts = now > last ? now : `${last}1`;
    this.tell({
      kind: 'message',
      message: slackbotSays({ channel, text, ts, ...(threadTs ? { threadTs } : {}) }),
    });
  };

  // What one closes is closed, whether or not the server hears of it. What lies under a view only the server knows.
  private closeView(all: boolean): void {
    const view = this.seen.space?.opening.view;
    if (view && (all || view.depth === 0)) this.tell({ kind: 'view-closed', id: view.id });
  }

  private me(): string {
    return this.seen.space?.opening.me.id ?? this.as;
  }

  private listen(): void {
    const stream = new EventSource(`page/stream?as=${this.as}`);
    this.stream = stream;
    stream.onmessage = (event: MessageEvent<string>) => {
      const change = JSON.parse(event.data) as PageChange;
      this.meanwhile?.push(change);
      this.tell(change);
    };
    stream.onopen = () => {
      const again = this.wasOpen || this.seen.refusal !== null;
      this.wasOpen = true;
      this.set({ line: 'open' });
      if (again) void this.refresh();
    };
    stream.onerror = () => {
      this.set({ line: 'lost' });
      if (stream.readyState !== EventSource.CLOSED) return;
      this.retry = setTimeout(() => this.listen(), retryMs);
    };
  }

  private async refresh(): Promise<void> {
    this.meanwhile = [];
    const answer = await get<Opening>(`page/open?as=${this.as}`);
    const meanwhile = this.meanwhile;
    this.meanwhile = null;
    if (typeof answer === 'string') {
      this.set({ refusal: answer });
      return;
    }
    this.flush();
    const { space } = this.seen;
    const fresh = space ? changed(space, { kind: 'opened', opening: answer }) : openSpace(answer);
    this.waiting = [];
    this.set({ space: meanwhile.reduce<Space>(changed, fresh), refusal: null });
    if (answer.view && fresh.closed.includes(answer.view.id)) void this.act({ do: 'closeView', all: true });
    else this.tell({ kind: 'closing-told' });
  }

  private tell(change: SpaceChange): void {
    this.waiting.push(change);
    if (this.seen.space && this.timer === undefined) this.timer = setTimeout(() => this.flush(), gatherMs);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.seen.space || this.waiting.length === 0) return;
    const space = this.waiting.reduce(changed, this.seen.space);
    this.waiting = [];
    this.set({ space });
  }

  private set(part: Partial<Seen>): void {
    this.seen = { ...this.seen, ...part };
    for (const listener of this.listeners) listener();
  }
}

async function get<T>(path: string): Promise<T | string> {
  try {
    const response = await fetch(path, { headers: { accept: 'application/json' } });
    if (response.ok) return (await response.json()) as T;
    const { said } = readAnswer<{ said?: string }>(await response.text(), response.status);
    return said ?? `The local workspace answered ${response.status}.`;
  } catch {
    return noAnswer;
  }
}

async function post<T>(path: string, body: unknown): Promise<T | null> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return readAnswer<T>(text, response.status);
  } catch {
    return null;
  }
}

// A refusal of the server itself may be a bare sentence.
function readAnswer<T>(text: string, status: number): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    return { ok: status < 400, said: text || `The local workspace answered ${status}.` } as T;
  }
}
