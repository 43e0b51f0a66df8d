// The loggers that Slack's libraries ask for: they say only what belongs in our log, and never whole arguments.

type Say = (fields: { readonly words: readonly string[] }) => void;

/** A logger for a Slack library. What it has no `warn` or `error` for is not said. */
export function sdkLogger(say: { readonly warn?: Say; readonly error?: Say } = {}) {
  const nothing = () => {};
  const through = (to: Say | undefined) =>
    to ? (...words: unknown[]) => to({ words: words.map(String) }) : nothing;
  return {
    debug: nothing,
    info: nothing,
    warn: through(say.warn),
    error: through(say.error),
    setLevel: nothing,
    getLevel: () => 'error' as never,
    setName: nothing,
  };
}
