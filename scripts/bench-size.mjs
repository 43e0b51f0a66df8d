// How much the benchmark does: all of it, or so little (`--trial`) that only whether it still runs can be seen.

const isTrial = process.argv.includes('--trial');

/** How often, or how much: as usual, or in a trial. */
export function sized(usual, trial) {
  return isTrial ? trial : usual;
}
