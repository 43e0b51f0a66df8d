// What people say of heartbeats, what a beat brings, and the look when its time has come.
import { z } from 'zod';
import { type CommandSpec, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { say } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import {
  type BeatInput,
  decideBeat,
  decideForget,
  decideLook,
  decidePause,
  decideRegister,
  decideSteady,
  decideUnpause,
  type Watch,
} from './decide.js';
import { lookCommand, steadyCommand } from './react.js';
import { type Found, locateDue, locateHeartbeat, readWatch } from './store.js';
import {
  aboutWord,
  everyWord,
  graceWord,
  nameWord,
  pauseSecondsMax,
  reasonLimit,
  secondsWord,
  slackHeartbeat,
} from './words.js';

const usualPauseSeconds = 3_600;

/** What a beat may say of its heartbeat; all of it may be left out once it is known. */
export const beatFields = {
  every: everyWord.optional(),
  grace: graceWord.optional(),
  service: aboutWord.optional(),
  team: aboutWord.optional(),
};

const oneTarget = {
  check: (it: { service?: string | undefined; team?: string | undefined }) =>
    it.service === undefined || it.team === undefined,
  error: { error: 'Name a service or a team, not both.', path: ['team'] },
};

/** What a beat says. */
export const beatInput: z.ZodType<BeatInput> = z
  .object({ name: nameWord, ...beatFields })
  .refine(oneTarget.check, oneTarget.error);

function onHeartbeat<V extends { readonly name: string }>(
  verb: CommandSpec<V, Found, Watch>['verb'],
  input: z.ZodType<V>,
  decide: CommandSpec<V, Found, Watch>['decide'],
) {
  return defineCommand<V, Found, Watch>({
    verb,
    input,
    locate: locateHeartbeat,
    load: (tx, { name }, found, ask) => readWatch(tx, name, found, ask),
    decide,
  });
}

const verbOf = (words: string[], usage: string, summary: string, example: string) => ({
  ...({ surface: 'incident', onIncident: false, inDrill: 'refused' } as const),
  ...{ words, usage, summary, example },
});

const ours = () =>
  refuse(
    say(
      `${slackHeartbeat} is Andon’s own: it follows ANDON_CANARY_CHANNEL, and nobody else sends it. Nothing was done.`,
    ),
    'name',
  );

/** A beat that is more than a beat. */
export const beat = onHeartbeat<BeatInput>(internalVerb('heartbeat.beat'), beatInput, decideBeat);

export const register = onHeartbeat<BeatInput>(
  verbOf(
    ['heartbeat'],
    'NAME [every:] [grace:] [service:] [team:]',
    'Watches something that says again and again that it lives, and pages when it is silent. Whom: the service’s or the team’s on-call, else the default escalation.',
    '/incident heartbeat nightly-backup every:1d service:db',
  ),
  beatInput,
  (watch, input) => (input.name === slackHeartbeat ? ours() : decideRegister(watch, input)),
);

const pauseInput = z.object({
  name: nameWord,
  for: secondsWord
    .refine((seconds) => seconds > 0 && seconds <= pauseSecondsMax, {
      error: 'A pause is at most 7 days, such as for:2h; it ends by itself.',
    })
    .default(usualPauseSeconds),
  reason: textOf({ missing: 'Say why, or leave it out.', limit: reasonLimit }).optional(),
});

export const pause = onHeartbeat<z.infer<typeof pauseInput>>(
  verbOf(
    ['pause'],
    'NAME [for:] [REASON]',
    'Calls nobody for a heartbeat for a while, an hour unless told. The pause ends by itself.',
    '/incident pause nightly-backup for:2h the disk is changed',
  ),
  pauseInput,
  decidePause,
);

const nameInput = z.object({ name: nameWord });
type Named = z.infer<typeof nameInput>;

export const unpause = onHeartbeat<Named>(
  verbOf(
    ['unpause'],
    'NAME',
    'Watches a heartbeat again before its pause is over.',
    '/incident unpause nightly-backup',
  ),
  nameInput,
  decideUnpause,
);

export const forget = onHeartbeat<Named>(
  verbOf(
    ['forget'],
    'NAME',
    'Waits for a heartbeat no longer, because what sent it is gone.',
    '/incident forget nightly-backup',
  ),
  nameInput,
  (watch, input) => (input.name === slackHeartbeat ? ours() : decideForget(watch, input)),
);

/** Andon's own heartbeat goes when its setting does. */
export const forgetOwn = onHeartbeat<Named>(internalVerb('heartbeat.forgetOwn'), nameInput, decideForget);

const look = defineCommand<Named, Found, Watch>({
  verb: internalVerb(lookCommand),
  input: nameInput,
  locate: locateDue,
  load: (tx, { name }, found, ask) => readWatch(tx, name, found, ask),
  decide: (watch, _input, ask) => decideLook(watch, ask),
});

const steady = defineCommand<Named, Found, Watch>({
  verb: internalVerb(steadyCommand),
  input: nameInput,
  locate: locateHeartbeat,
  load: (tx, { name }, found, ask) => readWatch(tx, name, found, ask),
  decide: (watch, _input, ask) => decideSteady(watch, ask),
});

/** The look whether one that came and went is heard without a gap. */
export const steadyOf = (data: unknown) => steady.given(nameInput.parse(data));

/** The look at a heartbeat that a row names. */
export const lookOf = (data: unknown) => look.given(nameInput.parse(data));
