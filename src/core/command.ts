// Commands as data: what a person may ask, and the pure decision that answers with facts or refuses.
import type { z } from 'zod';
import type { Tx } from '../db/tx.js';
import type { Actor, Fact, Source, Stated } from './fact.js';
import type { Form } from './form.js';
import type { Message } from './message.js';

export interface WorkspaceRef {
  readonly id: string;
  /** IANA */
  readonly zone: string;
  readonly locale: string;
}

/** Everything a decision may know that is not in the database: the only reading of the clock and of chance. */
export interface Ask {
  readonly requestId: string;
  readonly workspace: WorkspaceRef;
  readonly actor: Actor;
  readonly now: Date;
  /** When it was said, where that is known: a mention that is heard late happened when it was written. */
  readonly saidAt?: Date;
  readonly newId: () => string;
  readonly source: Source;
  /** A token with `incidents:private`, or whoever has the database itself: private incidents exist for them too. */
  readonly seesPrivate?: boolean;
  /** Where it was asked; a command about "this incident" means the one of this channel. */
  readonly channelId: string | null;
  /** The thread it was asked in; slash commands cannot be used in threads, mentions can. */
  readonly threadTs: string | null;
  /** Slack's response_url, good for 30 minutes: the last way to answer. */
  readonly respondUrl: string | null;
}

/** A sentence that says what to do; only the sender sees it. `field` is the form's input it is about. */
export interface Refusal {
  readonly message: Message;
  readonly field?: string;
  /** What was named does not exist, as far as the asker may know. */
  readonly unknown?: boolean;
  /** Of what the program decides when it is due: there is nothing to state yet, and this is when to look again. */
  readonly again?: Date;
}

/** A reply, or how it is made of the facts as recorded, where it names a number that only the record gives. */
export type ReplyOf = Message | ((recorded: readonly Fact[]) => Message);

export type Decision =
  | { readonly accepted: true; readonly facts: readonly Stated[]; readonly reply: ReplyOf }
  | { readonly accepted: false; readonly refusal: Refusal };

export function accept(facts: readonly Stated[], reply: ReplyOf): Decision {
  return { accepted: true, facts, reply };
}

export function refuse(message: Message, field?: string): Decision {
  return { accepted: false, refusal: field === undefined ? { message } : { message, field } };
}

/** What `locate` found: the streams to lock, and what `load` needs to know of it. */
export type Located<T> = { readonly streams: readonly string[]; readonly target: T } | Refused;
export interface Refused {
  readonly refused: Refusal;
}

export type SurfaceName = 'incident' | 'change' | 'freeze' | 'report';

/**
 * What a verb that is about no incident is in the channel of a drill. `refused`: it would reach others, or count for them.
 * `own`: so it would unless what it states is a drill's. `allowed`: it is the asker's own, and nobody is told.
 */
export type InDrill = 'refused' | 'own' | 'allowed';

/** The verb, as the table that routes, helps and completes sees it. */
export interface Verb {
  /** `/incident`, `/change`, `/freeze` or `/report`; null for commands that only the program gives. */
  readonly surface: SurfaceName | null;
  /** The first is the name, the others are accepted too. */
  readonly words: readonly string[];
  /** Under which word help lists it; its feature's unless told. No verb's own word. */
  readonly topic?: string;
  /** The grammar: see core/usage.ts. */
  readonly usage: string;
  readonly summary: string;
  readonly example?: string;
  /** Takes `INC-12` as an optional first word, else means the channel's incident. */
  readonly onIncident: boolean;
  /** Of a verb of the workspace that states something: whether it may be said where a drill is. A test holds that each says. */
  readonly inDrill?: InDrill;
  /** What a typed line means beyond its usage; forms and bodies have a field for everything. */
  readonly fromLine?: (values: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  /** Words that leave the rest open: what the form is opened with, or null where they are a whole line. */
  readonly toForm?: (words: string) => Readonly<Record<string, string>> | null;
}

export interface CommandSpec<V, T, S> {
  readonly verb: Verb;
  readonly input: z.ZodType<V>;
  readonly form?: Form;
  /** The form as it is now, where what it offers is in the database. A trigger lives three seconds. */
  readonly formFor?: (tx: Tx, workspaceId: string) => Promise<Form>;
  /** What the form begins with, from the record; what the words said already stands before it. */
  readonly prefill?: Prefill;
  locate(tx: Tx, input: V, ask: Ask): Promise<Located<T>>;
  load(tx: Tx, input: V, target: T, ask: Ask): Promise<S>;
  decide(state: S, input: V, ask: Ask): Decision;
}

/** The values that the fields of a form begin with; a trigger lives three seconds. */
export type Prefill = (
  tx: Tx,
  input: { readonly incident?: number | undefined },
  ask: Ask,
) => Promise<Readonly<Record<string, string>>>;

/** A command with its words understood: ready to be decided in a transaction. */
export interface Bound {
  readonly name: string;
  readonly verb: Verb;
  /** Finds the streams to lock. Loading and deciding come after the lock, so that nobody changes them meanwhile. */
  locate(tx: Tx, ask: Ask): Promise<{ streams: readonly string[]; decide(): Promise<Decision> } | Refused>;
}

export interface Command {
  readonly verb: Verb;
  readonly form?: Form;
  readonly formFor?: (tx: Tx, workspaceId: string) => Promise<Form>;
  readonly prefill?: Prefill;
  /** Reads the values of a usage line or a form. */
  bind(
    values: Readonly<Record<string, unknown>>,
  ): { ok: true; bound: Bound } | { ok: false; refusal: Refusal };
}

/** A question: it reads and answers, and states nothing. */
export interface Query {
  readonly verb: Verb;
  answer(tx: Tx, values: Readonly<Record<string, unknown>>, ask: Ask): Promise<Message>;
}

/** Defines a command. The generics end here: outside, commands are alike. */
export function defineCommand<V, T, S>(spec: CommandSpec<V, T, S>): Command & { given(input: V): Bound } {
  const given = (input: V): Bound => ({
    name: spec.verb.words[0] ?? '',
    verb: spec.verb,
    async locate(tx, ask) {
      const located = await spec.locate(tx, input, ask);
      if ('refused' in located) return located;
      return {
        streams: located.streams,
        decide: async () => spec.decide(await spec.load(tx, input, located.target, ask), input, ask),
      };
    },
  });
  return {
    verb: spec.verb,
    ...(spec.form ? { form: spec.form } : {}),
    ...(spec.formFor ? { formFor: spec.formFor } : {}),
    ...(spec.prefill ? { prefill: spec.prefill } : {}),
    given,
    bind(values) {
      const parsed = spec.input.safeParse(values);
      if (parsed.success) return { ok: true, bound: given(parsed.data) };
      const issue = parsed.error.issues[0];
      const field = issue?.path[0];
      const text = issue?.message ?? 'These words do not fit.';
      return {
        ok: false,
        refusal: {
          message: { text, blocks: [] },
          ...(typeof field === 'string' ? { field } : {}),
        },
      };
    },
  };
}

/** The verb of a command that only the program gives, such as the recording of what Slack answered. */
export function internalVerb(name: string): Verb {
  return { surface: null, words: [name], usage: '', summary: '', onIncident: false };
}
