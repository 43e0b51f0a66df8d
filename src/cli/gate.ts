// `andon gate`: may this change start now? The exit code is the answer; whatever is no clear yes keeps it from starting.

import { realWire, type Wire } from '../core/wire.js';
import { Unreachable, UsageError, unreachableExit } from './errors.js';
import { type Asked, askGate, type Gate } from './gate-ask.js';
import { type GateBody, type GateOptions, questionOf, readWait, surelyHarmless } from './gate-question.js';

export type { GateOptions } from './gate-question.js';

/** What the command line ends with where the change may not start. */
export const exits = { allow: 0, warn: 0, deny: 10, hold: 11 } as const;

const pollMs = 15_000;
const jitter = 0.2;
/** However late Andon says that asking is worth it: a freeze may be lifted early. */
const pollMaxMs = 60_000;
const signOfLifeMs = 3 * 60_000;

/** The last that was heard: an answer, or why there is none. */
type Heard = Asked | Unreachable;

/** Asks the gate and ends with its exit code; the reasons go to stderr. */
export async function gate(options: GateOptions): Promise<void> {
  const { env } = process;
  const waitMs = readWait(options.wait);
  const body = questionOf(options, env);
  const harmless = surelyHarmless(body.targets);
  if (options.failOpen && !harmless)
    throw new UsageError(
      `--fail-open is only for what is surely not production, such as dev, test or staging: ${body.targets.join(', ')} may be.`,
    );
  const asked = gateOf(options.url, env);
  // As the first process of a container, nothing else would end it.
  process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
  const heard = await untilDecided(() => askGate(asked, body, realWire), waitMs, tell, realWire);
  process.exitCode = conclude(heard, body, { ...options, harmless });
}

function gateOf(given: string | undefined, env: NodeJS.ProcessEnv): Gate {
  const token = env.ANDON_TOKEN?.trim() ?? '';
  if (token === '')
    throw new UsageError(
      'ANDON_TOKEN is missing: the gate asks who asks. `andon token create --name ci --scope gate` makes one.',
    );
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError('ANDON_TOKEN is no token: it must be one word.');
  const url = given || env.ANDON_URL?.trim() || `http://localhost:${env.PORT?.trim() || 3000}`;
  if (!/^https?:\/\/[^\s?#]+$/i.test(url))
    throw new UsageError(`“${url}” is no address of Andon, such as https://andon.example.com.`);
  return { url: url.replace(/\/+$/, ''), token };
}

/** Asks until it may go or the time is over; says what changes, and now and then that it still waits. */
export async function untilDecided(
  ask: () => Promise<Asked>,
  waitMs: number,
  say: (text: string) => void,
  wire: Wire,
): Promise<Heard> {
  const start = wire.now();
  let known = '';
  let saidAt = start;
  for (;;) {
    const heard = await ask().catch((error: unknown) => {
      if (error instanceof Unreachable) return error;
      throw error;
    });
    const left = start + waitMs - wire.now();
    if (left <= 0 || goes(heard)) return heard;
    const minutes = Math.ceil(left / 60_000);
    if (gistOf(heard) !== known) {
      say(`${sayingOf(heard)}\nWaiting for at most ${minutes} min more.`);
      known = gistOf(heard);
      saidAt = wire.now();
    } else if (wire.now() - saidAt >= signOfLifeMs) {
      say(`Still waiting, for at most ${minutes} min more. ${sayingOf(heard).split('\n')[0]}`);
      saidAt = wire.now();
    }
    await wire.wait(Math.min(pauseOf(heard), left));
  }
}

function goes(heard: Heard): boolean {
  return 'answer' in heard && exits[heard.answer.decision] === 0;
}

// Many jobs wait for one freeze: they are not to come all at once.
function pauseOf(heard: Heard): number {
  const told = 'answer' in heard ? heard.retryAfterMs : null;
  if (told === null) return pollMs * (1 - jitter + 2 * jitter * Math.random());
  return Math.min(pollMaxMs, Math.max(1000, told)) * (1 + jitter * Math.random());
}

// What a reader would call a change; the clock goes on in every answer.
function gistOf(heard: Heard): string {
  if (!('answer' in heard)) return heard.message;
  const { decision, reasons, turn } = heard.answer;
  return JSON.stringify([decision, reasons?.map((each) => [each.type, each.id, each.endsAt]), turn?.place]);
}

function sayingOf(heard: Heard): string {
  if (!('answer' in heard)) return `${heard.message}.`;
  const { decision, reasons, howToProceed, reply } = heard.answer;
  const words =
    reply || [...(reasons ?? []).map((each) => each.text), howToProceed].filter(Boolean).join('\n');
  return words.toLowerCase().startsWith(decision) ? words : `${decision}: ${words}`;
}

function conclude(heard: Heard, body: GateBody, options: GateOptions & { harmless: boolean }): number {
  if (!('answer' in heard)) {
    if (options.failOpen) {
      tell(
        `${heard.message}. ${body.targets.join(', ')} is not production, and --fail-open lets it start.`,
        'warning',
      );
      return 0;
    }
    const closed = options.harmless
      ? `so ${body.targets.join(', ')} may not start; --fail-open would let it, for this is not production`
      : 'so nothing may start in production';
    tell(`${heard.message}, ${closed}. Try again, or ask whoever runs Andon.`, 'error');
    return unreachableExit;
  }
  const { decision } = heard.answer;
  const exit = exits[decision];
  tell(sayingOf(heard), decision === 'warn' ? 'warning' : exit === 0 ? undefined : 'error');
  if (options.json) console.log(JSON.stringify(heard.answer));
  return exit;
}

function tell(text: string, mark?: 'error' | 'warning'): void {
  // The words of others must be no commands to the terminal, nor to GitHub's runner.
  const lines = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ')
    .split('\n')
    .map((line) => line.replace(/^\s*::/, ': :').replaceAll('##[', '## ['));
  console.error(`andon: ${lines.join('\n')}`);
  if (!mark || process.env.GITHUB_ACTIONS !== 'true') return;
  const escaped = lines.join('\n').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  console.error(`::${mark} title=Andon::${escaped}`);
}
