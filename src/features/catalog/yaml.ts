// YAML with its places: what a file holds, and in which line something stands.
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { shorten } from '../../core/message.js';
import { BadCatalog, fileBytesMax } from './said.js';

/** One document of a file. */
export interface YamlPart {
  readonly content: unknown;
  /** The line in which something stands; of a key where the last of the path is one. */
  lineOf(path: readonly PropertyKey[], key?: string): number | null;
}

/** Reads the documents of a file. Throws BadCatalog with the line and what to do. */
export function readYaml(text: string, file: string): YamlPart[] {
  if (Buffer.byteLength(text) > fileBytesMax)
    throw new BadCatalog(
      `${file} is longer than ${fileBytesMax / 1_000_000} MB. Leave out what is not the catalogue's, or split it into several files.`,
    );
  const lines = new LineCounter();
  // Aliases that grow without end, and nesting that no stack holds, are found only here.
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof BadCatalog) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new BadCatalog(
        `${file} is no YAML that can be read: ${shorten(why, 200)}. Nothing was imported.`,
      );
    }
  };
  return attempt(() => {
    const read = parseAllDocuments(text, { lineCounter: lines, prettyErrors: true });
    const documents: Document.Parsed[] = Array.isArray(read) ? read : [];
    return documents.map((document) => {
      const broken = document.errors[0];
      if (broken) throw new BadCatalog(`${file} is not YAML: ${brokenText(broken)} Nothing was imported.`);
      return {
        content: document.toJS() as unknown,
        lineOf: (path, key) => {
          const node = nodeAt(document.contents, path, key);
          return node?.range ? lines.linePos(node.range[0]).line : null;
        },
      };
    });
  });
}

function brokenText(error: { code: string; message: string }): string {
  const text = (error.message.split('\n')[0] ?? '').replace(/:$/, '.').replace(/([^.])$/, '$1.');
  // The commonest slip: YAML keeps @ for itself.
  return error.code === 'BAD_SCALAR_START' ? `${text} Put it in quotes, such as "@ana".` : text;
}

// As deep as the path leads; a key that does not fit stands at the end of it.
function nodeAt(root: unknown, path: readonly PropertyKey[], key: string | undefined): Node | null {
  let node = root;
  let found = root;
  for (const part of path) {
    const pair = pairOf(node, part);
    if (!pair) break;
    found = pair.key ?? pair.value;
    node = pair.value;
  }
  if (key !== undefined) found = pairOf(node, key)?.key ?? found;
  // Whatever is found by walking a document is a node of it.
  return (found ?? null) as Node | null;
}

function pairOf(node: unknown, part: PropertyKey): { key: unknown; value: unknown } | null {
  if (isSeq(node)) {
    const value = node.items[Number(part)];
    return value === undefined ? null : { key: null, value };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((each) => String(isScalar(each.key) ? each.key.value : each.key) === part);
  return pair ? { key: pair.key, value: pair.value } : null;
}
