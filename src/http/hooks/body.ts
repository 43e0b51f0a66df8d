// The body of a delivery: bounded, plain UTF-8, of a type that its sender may send, and JSON of a sane depth.
import type { Context } from 'hono';
import { shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { Problem } from '../problem.js';
import type { ApiEnv } from '../request.js';

/** GitHub's go some ten deep. */
const depthMax = 64;

/** The body as it came. Throws the problem where it is compressed, of another type, or no UTF-8. */
export async function readText(context: Context<ApiEnv>, types: readonly string[]): Promise<string> {
  checkType(context.req.header('content-type'), types);
  const encoding = context.req.header('content-encoding');
  if (encoding && encoding.toLowerCase() !== 'identity')
    throw new Problem(
      'wrong-media-type',
      `The body is ${shorten(oneLine(encoding), 40)}; send it uncompressed.`,
    );
  const bytes = await context.req.arrayBuffer();
  if (bytes.byteLength === 0) throw new Problem('not-json', 'The body is empty. Nothing was recorded.');
  try {
    // With its byte order mark, if it has one: signatures are of that too.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem('not-json', 'The body is no valid UTF-8. Nothing was recorded.');
  }
}

/** The body as JSON, also where it is the field `payload` of a form, as GitHub can send it. */
export function readJson(text: string): unknown {
  const plain = text.replace(/^\uFEFF/, '');
  const json = plain.startsWith('payload=') ? (new URLSearchParams(plain).get('payload') ?? '') : plain;
  checkDepth(json);
  try {
    return JSON.parse(json);
  } catch {
    throw new Problem('not-json', 'The body cannot be read as JSON. Nothing was recorded.');
  }
}

function checkType(header: string | undefined, types: readonly string[]): void {
  const [type = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((each) => each.startsWith('charset='));
  if (!types.includes(type))
    throw new Problem(
      'wrong-media-type',
      `The content type is ${type === '' ? 'missing' : `“${shorten(oneLine(type), 60)}”`}; send ${types.join(' or ')}. Nothing was recorded.`,
    );
  if (charset && !/^charset="?utf-?8"?$/.test(charset))
    throw new Problem('wrong-media-type', 'The body must be in UTF-8. Nothing was recorded.');
}

// Before it is read: what is nested without end costs more to read than to send.
function checkDepth(json: string): void {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < json.length; i += 1) {
    const letter = json[i];
    if (quoted) {
      if (letter === '\\') i += 1;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{' || letter === '[') {
      depth += 1;
      if (depth > depthMax)
        throw new Problem('not-json', `The body is nested more than ${depthMax} deep. Nothing was recorded.`);
    } else if (letter === '}' || letter === ']') depth -= 1;
  }
}
