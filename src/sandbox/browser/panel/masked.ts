// Tokens and secrets out of what is shown: a screenshot of the panel may be sent to anybody.

const SECRET_KEY = /token|secret|password|authorization|signature|cookie/i;
const SLACK_TOKEN = /\bx(?:ox[a-z]|app)-[\w-]+/g;
const SECRET_PARAMETER = /([?&](?:ticket|token|secret|signature)=)[^&"\s]+/gi;
const MASK = '(masked)';

/** A copy without tokens and secrets, whatever its shape. */
export function masked(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      SECRET_KEY.test(key) && typeof each === 'string' && each !== '' ? MASK : masked(each),
    ]),
  );
}

function withoutSecrets(text: string): string {
  return text
    .replace(SLACK_TOKEN, (token) => `${token.slice(0, token.indexOf('-') + 1)}${MASK}`)
    .replace(SECRET_PARAMETER, `$1${MASK}`);
}

/** What was sent or answered, as it is shown: JSON on lines of its own. */
export function shownJson(value: unknown): string {
  if (value === undefined || value === null || value === '') return '(nothing)';
  const clean = masked(value);
  return typeof clean === 'string' ? clean : JSON.stringify(clean, null, 2);
}
