// The replay of a case: what people typed then is typed again, through the real protocol, on a clock that is moved.
import { entryKinds } from '../core/fact.js';
import { readLeadingTime, readTime, showDuration, type WrittenTime } from '../core/time/index.js';
import { BadCase, type Case, type CaseEntry } from './case.js';
import { type CaseChange, type ChangeStep, changeSteps } from './changes.js';
import { type Cord, cordOf } from './cords.js';
import { backDated, type Line, reasonIn, sameTime } from './lines.js';

/** What a replay needs of the world; the command line and the local workspace provide it. */
export interface Stage {
  /** Types a command as a person: of changes in a common channel, else in the incident's as soon as there is one. */
  type(person: string, line: string): Promise<{ ok: boolean; text: string }>;
  /** Fills a form that a command opens. */
  fill(person: string, line: string, values: Record<string, string>): Promise<{ ok: boolean; text: string }>;
  /** The name that the stage has for somebody of the case, and the zone they live in. */
  cast(name: string): { name: string; zone: string };
  /** The record's clock. */
  now(): Date;
  moveClock(to: Date): void;
  /** Everything that Andon has to do is done. */
  settled(): Promise<void>;
  /** From now on commands are typed in this incident's channel. */
  enterChannel(number: number): void;
  /** The newest file of the incident's channel whose name ends so. */
  file(ending: string): string | null;
}

export interface Replayed {
  readonly incident: number;
  readonly markdown: string;
  readonly json: string;
  /** What could not be replayed as it stands. */
  readonly remarks: readonly string[];
}

/** Shows what the replay does; `at` is the record's clock, in UTC. */
export type Progress = (at: string, what: string) => void;

/** A role that is given between the entries. */
interface RoleAt {
  readonly role: Case['roles'][number];
  readonly at: Date;
}

// Kinds that somebody may note; the others are made by commands.
const noted = new Set([
  'note',
  'observation',
  'hypothesis',
  'decision',
  'action',
  'update',
  'change',
  'freeze',
]);
/** Verbs that a case's `command` may name; anything else is kept as an entry of its kind. */
const verbs = new Set([
  'status',
  'severity',
  'affects',
  'role',
  'resolve',
  'started',
  'detected',
  'mitigated',
  'ack',
]);

export interface ReplayOptions {
  /** Every change of the case is announced, those too of which nobody told anybody then. */
  readonly announced?: boolean;
}

/** Replays a case. Throws BadCase when the declaration itself is refused; everything else is remarked on. */
export async function replay(
  drill: Case,
  stage: Stage,
  progress: Progress,
  options: ReplayOptions = {},
): Promise<Replayed> {
  return new Replay(drill, stage, progress, options).run();
}

class Replay {
  readonly #case: Case;
  readonly #stage: Stage;
  readonly #progress: Progress;
  readonly #remarks: string[] = [];
  readonly #scribe: { name: string; zone: string };
  #incident = 0;
  #toldSinceDraft = true;
  #waiting: RoleAt[] = [];
  #changes: ChangeStep[];
  readonly #keys = new Map<CaseChange, string>();
  #cords: Cord[] = [];

  constructor(drill: Case, stage: Stage, progress: Progress, options: ReplayOptions) {
    this.#case = drill;
    this.#stage = stage;
    this.#progress = progress;
    this.#scribe = stage.cast(drill.roles[0]?.user ?? 'scribe');
    const { steps, remarks } = changeSteps(drill, options.announced ?? false);
    this.#changes = steps;
    for (const each of remarks) this.#remark(each);
    const untold = options.announced ? 0 : drill.changes.filter((each) => !each.announced).length;
    if (untold > 0)
      this.#remark(
        `${untold === 1 ? '1 change of the case was' : `${untold} changes of the case were`} left untold, as then; --announced tells ${untold === 1 ? 'it' : 'them'}.`,
      );
  }

  async run(): Promise<Replayed> {
    const lines = this.#readLines();
    this.#waiting = this.#rolesBetween();
    const declaring = Math.max(
      0,
      lines.findIndex((line) => line.entry.command?.trim() === 'declare'),
    );
    if (lines[declaring]?.entry.command?.trim() !== 'declare')
      this.#remark('No entry has the command declare, so it is declared at the first entry.');
    await this.#declare(lines[declaring] as Line);
    for (const line of lines.slice(0, declaring)) await this.#tell(line);
    for (const line of lines.slice(declaring)) await this.#tell(line);
    return this.#finish();
  }

  // A case is read as a log: a bare time falls on the date, until an entry names or passes another.
  #readLines(): Line[] {
    let after: Date | undefined;
    return this.#case.timeline.map((entry) => {
      const context = {
        now: this.#stage.now(),
        zone: this.#case.zone,
        day: this.#case.date,
        ...(after ? { after } : {}),
      };
      const reading = readTime(entry.time, context);
      if (!reading.ok) {
        this.#remark(`“${entry.time}” is kept as an unknown time: ${reading.reason}`);
        return { entry, reading: null };
      }
      after = reading.time.until ?? reading.time.at ?? after;
      return { entry, reading: reading.time };
    });
  }

  async #declare(line: Line): Promise<void> {
    const reading = line.reading ?? this.#firstKnown();
    await this.#changesUntil(reading?.until ?? reading?.at ?? null);
    this.#advance(reading);
    const { components } = this.#case;
    const words = [
      `/incident declare ${this.#case.title}`,
      this.#case.severity ? `sev:${this.#case.severity.replace(/^sev-?/i, '')}` : '',
      components.length > 0 ? `on:${components.join(',')}` : '',
      ...(['started', 'detected'] as const).map((name) => this.#keyTime(name)),
      'drill',
    ];
    const reply = await this.#type(this.#scribe.name, words.filter((word) => word !== '').join(' '));
    const number = /INC-(\d+)/.exec(reply.text)?.[1];
    if (!reply.ok || !number) throw new BadCase(`The declaration was refused: ${reply.text}`);
    this.#incident = Number(number);
    this.#stage.enterChannel(this.#incident);
    for (const each of this.#case.roles.filter((role) => role.at === undefined)) await this.#assign(each);
    const { acknowledged } = this.#case.key_times;
    if (acknowledged) await this.#keyTimeSaid('acknowledged', `/incident ack at:"${acknowledged}"`);
  }

  #keyTime(name: 'started' | 'detected'): string {
    const time = this.#case.key_times[name];
    return time ? `${name}:"${time}"` : '';
  }

  async #keyTimeSaid(name: string, line: string): Promise<void> {
    const reply = await this.#type(this.#scribe.name, line);
    if (!reply.ok) this.#remark(`key_times.${name} was refused: ${reply.text}`);
  }

  async #tell(line: Line): Promise<void> {
    const at = line.reading?.until ?? line.reading?.at ?? null;
    await this.#changesUntil(at);
    await this.#assignBetween(at);
    await this.#liftUntil(at);
    this.#advance(line.reading);
    await this.#note(line);
    if (line.entry.command) await this.#command(line, line.entry.command.trim());
    for (const each of this.#case.roles)
      if (each.at !== undefined && each.at === line.entry.time) await this.#assign(each);
  }

  async #note(line: Line): Promise<void> {
    const { entry } = line;
    const kind = this.#kindOf(entry);
    const reply = await this.#noteLine(line, kind);
    if (!reply.ok) this.#remark(`Not recorded: “${entry.text.slice(0, 60)}”: ${reply.text}`);
    const reason = entry.ruled_out ?? (kind === 'hypothesis' ? reasonIn(entry.text) : undefined);
    const seq = /#(\d+)/.exec(reply.text)?.[1];
    if (reason !== undefined && seq) {
      const struck = await this.#type(this.#scribe.name, `/incident strike #${seq} ${reason}`.trim());
      if (!struck.ok) this.#remark(`Not struck: ${struck.text}`);
    }
  }

  // The words as somebody would type them. Where the line would be read otherwise than the case means it, the form
  // says the time apart; where even that would be another day, the date is put before it.
  async #noteLine(line: Line, kind: string): Promise<{ ok: boolean; text: string }> {
    const { entry, reading } = line;
    const context = { now: this.#stage.now(), zone: this.#scribe.zone };
    const typed = `${entry.time} ${kind}: ${entry.text}`;
    const leading = readLeadingTime(typed, context);
    if (leading?.reading.ok && sameTime(leading.reading.time, reading) && leading.rest.startsWith(`${kind}:`))
      return this.#type(this.#scribe.name, `/incident note ${typed}`);
    const apart = readTime(entry.time, context);
    let time = entry.time;
    if (!reading) {
      time = 'unknown';
      this.#remark(`The words of the time, “${entry.time}”, are kept in the text.`);
    } else if (!apart.ok || !sameTime(apart.time, reading)) {
      time =
        [reading.at, reading.until]
          .flatMap((at) => (at ? [at.toISOString().replace('.000Z', 'Z')] : []))
          .join('/') || 'unknown';
      this.#remark(`“${entry.time}” would be another day by now; it was entered as ${time}.`);
    }
    const text = reading ? entry.text : `${entry.text} (time as written: ${entry.time})`;
    this.#show(`note in the form: ${kind}: ${text}`);
    return this.#stage
      .fill(this.#scribe.name, '/incident note', { text, time, kind })
      .finally(() => this.#stage.settled());
  }

  async #command(line: Line, command: string): Promise<void> {
    const [verb = ''] = command.split(/\s+/);
    if (verb === 'declare') return;
    if (verb === 'freeze') return this.#pullCord(command, backDated(line, this.#stage.now()));
    if (verb === 'thaw') return this.#liftUntil(undefined);
    if (!verbs.has(verb)) {
      this.#remark(
        `“${command}” is not a command of this version; the entry is kept as ${this.#kindOf(line.entry)}.`,
      );
      return;
    }
    const back = backDated(line, this.#stage.now());
    const reply = await this.#type(this.#scribe.name, `/incident ${command}${back}`);
    if (!reply.ok) this.#remark(`“${command}” was refused: ${reply.text}`);
  }

  async #pullCord(command: string, back: string): Promise<void> {
    const { line, liftAt, remark } = cordOf(this.#case, command, this.#stage.now());
    if (remark) this.#remark(remark);
    const reply = await this.#type(this.#scribe.name, `${line}${back} now`);
    const key = /FRZ-\d+/.exec(reply.text)?.[0];
    if (!reply.ok || key === undefined) this.#remark(`“${command}” was refused: ${reply.text}`);
    else if (liftAt) this.#cords.push({ key, liftAt });
  }

  /** What the case froze is free again at its time; without one, now. */
  async #liftUntil(until: Date | null | undefined): Promise<void> {
    if (until === null) return;
    const due = this.#cords.filter((each) => until === undefined || each.liftAt <= until);
    this.#cords = this.#cords.filter((each) => !due.includes(each));
    for (const { key, liftAt } of due) {
      if (until !== undefined && liftAt > this.#stage.now()) this.#stage.moveClock(liftAt);
      const reply = await this.#type(this.#scribe.name, `/freeze lift ${key}`);
      if (!reply.ok) this.#remark(`${key} was not lifted: ${reply.text}`);
    }
  }

  async #assign(each: Case['roles'][number]): Promise<void> {
    const holder = this.#stage.cast(each.user);
    const reply = await this.#type(this.#scribe.name, `/incident role ${each.role} @${holder.name}`);
    if (!reply.ok) this.#remark(`The role ${each.role} was not assigned: ${reply.text}`);
  }

  async #finish(): Promise<Replayed> {
    await this.#assignBetween(undefined);
    for (const { change } of this.#changes)
      this.#remark(`Later than the last entry, and not told: what became of the change “${change.title}”.`);
    for (const { key } of this.#cords) this.#remark(`Later than the last entry: ${key} is still on.`);
    const { mitigated } = this.#case.key_times;
    if (mitigated) await this.#keyTimeSaid('mitigated', `/incident mitigated ${mitigated}`);
    if (!this.#case.timeline.some((entry) => entry.command?.trim().startsWith('resolve')))
      this.#remark('No entry has the command resolve, so the incident is still open.');
    // Resolving made a draft; one that lacks nothing need not be made again.
    if (this.#toldSinceDraft) await this.#type(this.#scribe.name, '/incident export md');
    await this.#type(this.#scribe.name, '/incident export json');
    const markdown = this.#stage.file('.md');
    const json = this.#stage.file('.json');
    if (!markdown || !json) throw new Error('The draft did not appear in the channel.');
    return { incident: this.#incident, markdown, json, remarks: this.#remarks };
  }

  /** What was changed, told at its time by whoever changed it. */
  async #changesUntil(until: Date | null): Promise<void> {
    while (this.#changes[0] && until !== null && this.#changes[0].at <= until) {
      const { at, change, line, announces } = this.#changes.shift() as ChangeStep;
      const key = this.#keys.get(change);
      if (!announces && key === undefined) continue;
      if (at > this.#stage.now()) this.#stage.moveClock(at);
      const reply = await this.#type(this.#stage.cast(change.by).name, line(key ?? ''));
      const made = /CHG-\d+/.exec(reply.text)?.[0];
      if (!reply.ok) this.#remark(`Of the change “${change.title}”: ${reply.text}`);
      else if (announces && made) this.#keys.set(change, made);
      if (reply.ok && key !== undefined && reply.text.includes(`/change validate ${key}`))
        this.#remark(
          `${key} “${change.title}” is left validating: the case says of nobody who looked whether it works.`,
        );
    }
  }

  /** Roles given at a time that is no entry's: each in its turn, up to `until`; without one, all that are left. */
  async #assignBetween(until: Date | null | undefined): Promise<void> {
    if (until === null) return;
    while (this.#waiting[0] && (until === undefined || this.#waiting[0].at <= until)) {
      const { role, at } = this.#waiting.shift() as RoleAt;
      if (at > this.#stage.now()) this.#stage.moveClock(at);
      this.#remark(
        `“${role.at}”, when ${role.user} became ${role.role}, is no entry's time; it was entered at ${this.#stage.now().toISOString()}.`,
      );
      await this.#assign(role);
    }
  }

  #rolesBetween(): RoleAt[] {
    const times = new Set(this.#case.timeline.map((entry) => entry.time));
    const context = { now: this.#stage.now(), zone: this.#case.zone, day: this.#case.date };
    return this.#case.roles
      .flatMap((role) => {
        if (role.at === undefined || times.has(role.at)) return [];
        const reading = readTime(role.at, context);
        // A time that cannot be read comes first: the role is given with the first entry, and remarked on.
        return [{ role, at: (reading.ok && reading.time.at) || context.now }];
      })
      .sort((one, other) => one.at.getTime() - other.at.getTime());
  }

  #kindOf(entry: CaseEntry): string {
    const kind = entry.kind.trim().toLowerCase();
    if (noted.has(kind)) return kind;
    const known = (entryKinds as readonly string[]).includes(kind);
    this.#remark(
      known
        ? `Nobody notes a ${kind}; it is kept as a note.`
        : `The kind “${entry.kind}” is not known; it is kept as a note.`,
    );
    return 'note';
  }

  #firstKnown(): WrittenTime | null {
    for (const line of this.#readLines()) if (line.reading?.at) return line.reading;
    return null;
  }

  // Later than now: the clock goes there, for a range to its end. Earlier: the entry is back-dated.
  #advance(reading: WrittenTime | null): void {
    const to = reading?.until ?? reading?.at;
    if (to && to > this.#stage.now()) this.#stage.moveClock(to);
  }

  async #type(person: string, line: string): Promise<{ ok: boolean; text: string }> {
    this.#show(line);
    const reply = await this.#stage.type(person, line);
    await this.#stage.settled();
    this.#toldSinceDraft = !(reply.ok && line.startsWith('/incident resolve'));
    return reply;
  }

  #show(what: string): void {
    this.#progress(this.#stage.now().toISOString().slice(11, 16), what);
  }

  #remark(text: string): void {
    if (!this.#remarks.includes(text)) this.#remarks.push(text);
  }
}

/** How long a replayed incident lasted, for the last line of a drill. */
export function lasted(json: string): string {
  const record = JSON.parse(json) as {
    startedAt: string | null;
    declaredAt: string;
    resolvedAt: string | null;
  };
  if (!record.resolvedAt) return 'not resolved';
  const from = Date.parse(record.startedAt ?? record.declaredAt);
  return `${showDuration(Date.parse(record.resolvedAt) - from)} from ${record.startedAt ? 'start' : 'declaration'} to resolved`;
}
