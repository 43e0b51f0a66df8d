// The transaction's type and the rows': all that features and core know of the database.
import type { PrismaClient } from './generated/sqlite/client/client.js';

/** The rows' types. */
export type { Prisma } from './generated/sqlite/client/client.js';

/** A client of either engine, under the one type: the models are the same. */
export type Client = PrismaClient;

/** A transaction, or a reader of committed rows: what commands, projections and stores are handed. */
export type Tx = Omit<PrismaClient, '$connect' | '$disconnect' | '$transaction' | '$on' | '$extends'>;
