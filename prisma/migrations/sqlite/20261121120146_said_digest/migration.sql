-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Fact" (
    "position" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "stream" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "incidentId" TEXT,
    "seq" INTEGER,
    "occurredAt" DATETIME,
    "occurredUntil" DATETIME,
    "asWritten" TEXT,
    "precision" TEXT NOT NULL,
    "recordedAt" DATETIME NOT NULL,
    "actorKind" TEXT NOT NULL,
    "actorId" TEXT NOT NULL,
    "actorName" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "salt" TEXT NOT NULL,
    "saidDigest" TEXT NOT NULL DEFAULT '',
    "digest" TEXT NOT NULL,
    "hash" TEXT,
    "redacted" BOOLEAN NOT NULL DEFAULT false
);
INSERT INTO "new_Fact" ("actorId", "actorKind", "actorName", "asWritten", "data", "digest", "hash", "id", "incidentId", "occurredAt", "occurredUntil", "position", "precision", "recordedAt", "redacted", "requestId", "salt", "seq", "source", "stream", "type", "version", "workspaceId") SELECT "actorId", "actorKind", "actorName", "asWritten", "data", "digest", "hash", "id", "incidentId", "occurredAt", "occurredUntil", "position", "precision", "recordedAt", "redacted", "requestId", "salt", "seq", "source", "stream", "type", "version", "workspaceId" FROM "Fact";
DROP TABLE "Fact";
ALTER TABLE "new_Fact" RENAME TO "Fact";
CREATE UNIQUE INDEX "Fact_id_key" ON "Fact"("id");
CREATE INDEX "Fact_workspaceId_position_idx" ON "Fact"("workspaceId", "position");
CREATE UNIQUE INDEX "Fact_workspaceId_stream_version_key" ON "Fact"("workspaceId", "stream", "version");
CREATE UNIQUE INDEX "Fact_incidentId_seq_key" ON "Fact"("incidentId", "seq");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
