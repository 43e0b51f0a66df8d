// A feature: one subject in one folder. Adding one is a folder and a line in features/index.ts.
import type { Tx } from '../db/tx.js';
import type { Ask, Command, Query, WorkspaceRef } from './command.js';
import type { Effect } from './effect.js';
import type { AnyFactKind, Fact, Rule, Stated } from './fact.js';
import type { Message, Part } from './message.js';
import type { Route } from './route.js';

/** Writes what is true now. The only code that writes state, and it must not read any clock. */
export type Projection = Rule<[tx: Tx, kinds: FactKinds], Promise<void>>;

/** The kinds of all features, by name. */
export interface FactKinds {
  of(type: string): AnyFactKind | undefined;
}

/** What the world is told. Pure. */
export type Reaction = Rule<[], readonly Effect[]>;
/** Draws a message that stays current, from the rows as they are; null when there is nothing to show. */
export type View = (tx: Tx, incidentId: string, workspace: WorkspaceRef) => Promise<Message | null>;

/** A file made from an incident's record. */
export interface Document {
  readonly name: string;
  readonly title: string;
  readonly content: string;
  /** What is said beside it in the channel. */
  readonly comment: Message;
}
export type DocumentMaker = (tx: Tx, incidentId: string, workspace: WorkspaceRef) => Promise<Document>;

/** The parts of App Home, in the order in which they stand. */
export const homePlaces = ['fire', 'waiting', 'changing', 'frozen', 'missing'] as const;
export type HomePlace = (typeof homePlaces)[number];
/** What App Home shows the one who asks; it must hold nothing that they may not see. Empty: nothing to show. */
export type HomeSection = (tx: Tx, ask: Ask) => Promise<readonly Part[]>;

/** What takes a fact back: the facts that state what was before. Pure. */
export type UndoRule = Rule<[], readonly Stated[]>;

export interface Feature {
  readonly name: string;
  readonly facts: readonly AnyFactKind[];
  readonly commands?: readonly Command[];
  readonly queries?: readonly Query[];
  readonly project?: readonly Projection[];
  /** Projections of every fact that names an incident, after those of its kind. */
  readonly projectAll?: (tx: Tx, fact: Fact, kind: AnyFactKind) => Promise<void>;
  readonly react?: readonly Reaction[];
  /** For the kinds that `undo` can take back. */
  readonly undo?: readonly UndoRule[];
  readonly views?: Readonly<Record<string, View>>;
  readonly documents?: Readonly<Record<string, DocumentMaker>>;
  /** What it has to say on App Home; several features may add to one part. */
  readonly home?: Readonly<Partial<Record<HomePlace, HomeSection>>>;
  /** What programs may ask of it over HTTP. */
  readonly routes?: readonly Route[];
  /** The tables that this feature projects into, in the order in which `rebuild` may empty them. */
  readonly tables?: readonly (keyof Tx & string)[];
}
