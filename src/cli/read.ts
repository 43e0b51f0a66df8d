// The text of an answer, as far as any answer of Andon's goes: whatever sends more is not Andon, and is to fill no memory.

const answerMaxBytes = 1024 * 1024;

/** Reads an answer. Throws, and takes no more of it, where it is longer than one can be. */
export async function readText(response: Response, maxBytes = answerMaxBytes): Promise<string> {
  if (!response.body) return '';
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop ends the connection.
  for await (const part of response.body) {
    length += part.length;
    if (length > maxBytes)
      throw new Error('answer too long', { cause: { code: 'an answer that does not end' } });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
