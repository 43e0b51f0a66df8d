// A feature: one subject in one folder. Adding one is a folder and a line in features/index.ts.
import type { Tx } from '../db/tx.js';
import type { Ask, Bound, Command, Query, Refusal, Verb, WorkspaceRef } from './command.js';
import type { Effect, Later } from './effect.js';
import type { AnyFactKind, Fact, Rule, Stated } from './fact.js';
import type { Message, Part } from './message.js';
import type { Route } from './route.js';

/** Writes what is true now. The only code that writes state, and it must not read any clock. */
export type Projection = Rule<[tx: Tx, kinds: FactKinds], Promise<void>>;

/** The kinds of all features, by name. */
export interface FactKinds {
  of(type: string): AnyFactKind | undefined;
}

/** What the world is told, and what is to be decided later. Pure. */
export type Reaction = Rule<[], readonly (Effect | Later)[]>;
/** Draws a message that stays current, from the rows as they are; null when there is nothing to show. */
export type View = (tx: Tx, id: string, workspace: WorkspaceRef) => Promise<Message | null>;
/** A command that the program gives itself, made of what the effect or the row says. */
export type Automatic = (data: unknown) => Bound;

/** A file made from an incident's record. */
export interface Document {
  readonly name: string;
  readonly title: string;
  readonly content: string;
  /** What is said beside it in the channel. */
  readonly comment: Message;
}
export type DocumentMaker = (tx: Tx, incidentId: string, workspace: WorkspaceRef) => Promise<Document>;

/** A picture for people in Slack. */
export interface Picture {
  readonly name: string;
  readonly title: string;
  /** The same in words, for those who do not see it. */
  readonly alt: string;
  readonly content: Uint8Array;
}
/** Draws a picture of what the effect says. */
export type PictureMaker = (tx: Tx, data: unknown, workspace: WorkspaceRef) => Promise<Picture>;

/** The parts of App Home, in the order in which they stand. */
export const homePlaces = ['ringing', 'fire', 'waiting', 'changing', 'frozen', 'missing'] as const;
export type HomePlace = (typeof homePlaces)[number];
/** What App Home shows the one who asks; it must hold nothing that they may not see. Empty: nothing to show. */
export type HomeSection = (tx: Tx, ask: Ask) => Promise<readonly Part[]>;

/** What a fact set, for taking it back; null where it stays although the rest of its request is taken back. Pure. */
export type UndoRule = Rule<[], Undoing | null>;

export interface Undoing {
  /** What is taken back, such as `severity SEV2 → SEV1`; no words of people, which a redaction would miss here. */
  readonly what: string;
  /** The parts of the state that it set: it can be taken back until somebody sets one of them anew. */
  readonly sets: readonly string[];
  /** The command that says what is true now, where it can no longer be taken back. */
  readonly instead: string;
  /** It stays, and these say what is true after it; without them the state is as if it had never been stated. */
  readonly follows?: readonly Stated[];
  /** What taking it back brings with it, as a sentence of the reply. */
  readonly brings?: string;
  /** Words that were a slip are no part of what happened; what did happen stays on the timeline, marked. */
  readonly hidden?: true;
  /** Why it can never be taken back. */
  readonly never?: string;
}

export interface Feature {
  readonly name: string;
  /** Under which word help lists its verbs, unless a verb says another; its name unless told. */
  readonly topic?: string;
  readonly facts: readonly AnyFactKind[];
  readonly commands?: readonly Command[];
  readonly queries?: readonly Query[];
  readonly project?: readonly Projection[];
  /** Projections of every fact that names an incident, after those of its kind. */
  readonly projectAll?: (tx: Tx, fact: Fact, kind: AnyFactKind) => Promise<void>;
  /** Empties what its projections made of the stream of one incident, so that they can run over it again. */
  readonly reset?: (tx: Tx, incidentId: string) => Promise<void>;
  readonly react?: readonly Reaction[];
  /** Has the last word on what follows from a fact of an incident: what it leaves out is not done. */
  readonly confine?: (tx: Tx, fact: Fact, effects: readonly Effect[]) => Promise<readonly Effect[]>;
  /**
   * Refuses what may not be said where it was said, with what it would state; null while the words are still to come,
   * as with a form.
   */
  readonly guard?: (
    tx: Tx,
    verb: Verb,
    ask: Ask,
    stated: readonly Stated[] | null,
  ) => Promise<Refusal | null>;
  /** What it decides in its turn, or when the time has come, by name. What it refuses is left at that. */
  readonly automatic?: Readonly<Record<string, Automatic>>;
  /** For the kinds that `undo` can take back. */
  readonly undo?: readonly UndoRule[];
  readonly views?: Readonly<Record<string, View>>;
  readonly documents?: Readonly<Record<string, DocumentMaker>>;
  readonly pictures?: Readonly<Record<string, PictureMaker>>;
  /** What it has to say on App Home; several features may add to one part. */
  readonly home?: Readonly<Partial<Record<HomePlace, HomeSection>>>;
  /** What programs may ask of it over HTTP. */
  readonly routes?: readonly Route[];
  /**
   * The tables that this feature projects the facts of incidents into, in the order in which `rebuild` may empty them;
   * each row has an `id` and names its incident.
   */
  readonly tables?: readonly (keyof Tx & string)[];
  /** Those of what belongs to no incident, such as changes. */
  readonly sharedTables?: readonly (keyof Tx & string)[];
}
