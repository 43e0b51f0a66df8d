// What the tests of the page's server share: asking it as a person, acting, and listening to a stream.
import { onTestFinished } from 'vitest';
import { openSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import type { Act, ActAnswer, Opening, PageChange, PageMessage } from '../../src/sandbox/page/contract.js';

export const ANA = 'U0ANA00001';
export const BOB = 'U0BOB00002';
export const CHEN = 'U0CHEN0003';

export async function withPage(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await openSandbox({ rateLimits: 'off', ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export async function open(sandbox: Sandbox, as = ANA): Promise<Opening> {
  const response = await fetch(`${sandbox.url}/page/open?as=${as}`);
  return (await response.json()) as Opening;
}

export async function messagesOf(sandbox: Sandbox, channel: string, as = ANA): Promise<PageMessage[]> {
  const id = sandbox.channel(channel)?.id ?? channel;
  const response = await fetch(`${sandbox.url}/page/channels/${id}?as=${as}`);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return ((await response.json()) as { messages: PageMessage[] }).messages;
}

/** A POST of the page, as its own script makes it. */
export async function post(
  sandbox: Sandbox,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await fetch(`${sandbox.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: sandbox.url, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export async function act(sandbox: Sandbox, as: string, what: Act): Promise<ActAnswer> {
  const response = await post(sandbox, '/page/act', { as, act: what });
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return (await response.json()) as ActAnswer;
}

export interface Listening {
  changes: PageChange[];
  /** The first change, past or to come, that this finds. */
  until<T extends PageChange>(fits: (change: PageChange) => change is T): Promise<T>;
  until(fits: (change: PageChange) => boolean): Promise<PageChange>;
  /** Everything that was sent until something that comes surely after it. */
  settled(): Promise<PageChange[]>;
}

/** Listens to a person's stream until the test ends. */
export async function listen(sandbox: Sandbox, as = ANA): Promise<Listening> {
  const ends = new AbortController();
  onTestFinished(() => ends.abort());
  const response = await fetch(`${sandbox.url}/page/stream?as=${as}`, { signal: ends.signal });
  const changes: PageChange[] = [];
  let wake: () => void = () => undefined;
  void read(response, (change) => {
    changes.push(change);
    wake();
  }).catch(() => undefined);
  async function until(fits: (change: PageChange) => boolean): Promise<PageChange> {
    for (;;) {
      const found = changes.find(fits);
      if (found) return found;
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`not among ${changes.length} changes`)), 3000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
  let marks = 0;
  async function settled(): Promise<PageChange[]> {
    marks += 1;
    const realName = `Dee Finch ${marks}`;
    await sandbox.person('dee').change({ realName });
    await until((change) => change.kind === 'person' && change.person.realName === realName);
    return changes.filter((change) => change.kind !== 'person');
  }
  return { changes, until: until as Listening['until'], settled };
}

async function read(response: Response, tell: (change: PageChange) => void): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    const events = (rest + decoder.decode(part as Uint8Array, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      if (event.startsWith('data: ')) tell(JSON.parse(event.slice('data: '.length)) as PageChange);
    }
  }
}
