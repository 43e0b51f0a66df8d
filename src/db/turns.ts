// Who may hold a connection: of one kind of work only so much goes on at once, so that the rest finds one free.
import { busyCode, Fault } from '../core/faults.js';

/** Lets a process do so many things of one kind at once; the others wait in their order, and hold nothing meanwhile. */
export class Turns {
  private readonly kinds = new Map<string, { busy: number; readonly waiting: (() => void)[] }>();

  constructor(
    private readonly atOnce: number,
    private readonly patienceMs: number,
  ) {}

  /** Does the work in its turn. Throws a Fault, having done nothing, where the turn does not come in time. */
  async in<T>(kind: string, work: () => Promise<T>): Promise<T> {
    await this.take(kind);
    try {
      return await work();
    } finally {
      this.leave(kind);
    }
  }

  private take(kind: string): Promise<void> {
    const here = this.kinds.get(kind) ?? { busy: 0, waiting: [] };
    this.kinds.set(kind, here);
    if (here.busy < this.atOnce) {
      here.busy += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        here.waiting.splice(here.waiting.indexOf(begin), 1);
        reject(tooBusy(kind, here.waiting.length));
      }, this.patienceMs);
      here.waiting.push(begin);
    });
  }

  // The turn is handed on, so that nobody who comes just now goes before those who wait.
  private leave(kind: string): void {
    const here = this.kinds.get(kind);
    const next = here?.waiting.shift();
    if (next) next();
    else if (here && here.busy > 1) here.busy -= 1;
    else this.kinds.delete(kind);
  }
}

function tooBusy(kind: string, waiting: number): Fault {
  return new Fault(
    busyCode,
    `${kind}: no turn in time, ${waiting} more wait`,
    'Too much of this comes at once, and this was not recorded.',
  );
}
