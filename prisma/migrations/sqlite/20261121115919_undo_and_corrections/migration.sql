-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Entry" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "authorName" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "occurredAt" DATETIME,
    "occurredUntil" DATETIME,
    "asWritten" TEXT,
    "precision" TEXT NOT NULL,
    "recordedAt" DATETIME NOT NULL,
    "recordedById" TEXT NOT NULL DEFAULT '',
    "recordedByName" TEXT NOT NULL DEFAULT '',
    "corrects" TEXT,
    "correctedBy" TEXT,
    "struck" BOOLEAN NOT NULL DEFAULT false,
    "strikeReason" TEXT,
    "redacted" BOOLEAN NOT NULL DEFAULT false,
    "withdrawn" BOOLEAN NOT NULL DEFAULT false,
    "takenBackById" TEXT,
    "takenBackByName" TEXT,
    "takenBackAt" DATETIME,
    "files" JSONB,
    "permalink" TEXT,
    "hash" TEXT NOT NULL
);
INSERT INTO "new_Entry" ("asWritten", "authorId", "authorName", "correctedBy", "corrects", "files", "hash", "id", "incidentId", "kind", "occurredAt", "occurredUntil", "permalink", "precision", "recordedAt", "redacted", "seq", "source", "strikeReason", "struck", "text", "withdrawn", "workspaceId") SELECT "asWritten", "authorId", "authorName", "correctedBy", "corrects", "files", "hash", "id", "incidentId", "kind", "occurredAt", "occurredUntil", "permalink", "precision", "recordedAt", "redacted", "seq", "source", "strikeReason", "struck", "text", "withdrawn", "workspaceId" FROM "Entry";
DROP TABLE "Entry";
ALTER TABLE "new_Entry" RENAME TO "Entry";
CREATE INDEX "Entry_incidentId_occurredAt_idx" ON "Entry"("incidentId", "occurredAt");
CREATE UNIQUE INDEX "Entry_incidentId_seq_key" ON "Entry"("incidentId", "seq");
CREATE TABLE "new_Incident" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "statusText" TEXT,
    "private" BOOLEAN NOT NULL,
    "drill" BOOLEAN NOT NULL,
    "declaredById" TEXT NOT NULL,
    "declaredByName" TEXT NOT NULL,
    "startedAt" DATETIME,
    "detectedAt" DATETIME,
    "declaredAt" DATETIME NOT NULL,
    "acknowledgedAt" DATETIME,
    "mitigatedAt" DATETIME,
    "resolvedAt" DATETIME,
    "keyTimes" JSONB NOT NULL,
    "channelId" TEXT,
    "channelName" TEXT,
    "threadTs" TEXT,
    "placeKind" TEXT NOT NULL DEFAULT 'none',
    "mergedIntoId" TEXT,
    "mistaken" BOOLEAN NOT NULL DEFAULT false
);
INSERT INTO "new_Incident" ("acknowledgedAt", "channelId", "channelName", "declaredAt", "declaredById", "declaredByName", "detectedAt", "drill", "id", "keyTimes", "mergedIntoId", "mitigatedAt", "number", "placeKind", "private", "resolvedAt", "severity", "startedAt", "status", "statusText", "threadTs", "title", "workspaceId") SELECT "acknowledgedAt", "channelId", "channelName", "declaredAt", "declaredById", "declaredByName", "detectedAt", "drill", "id", "keyTimes", "mergedIntoId", "mitigatedAt", "number", "placeKind", "private", "resolvedAt", "severity", "startedAt", "status", "statusText", "threadTs", "title", "workspaceId" FROM "Incident";
DROP TABLE "Incident";
ALTER TABLE "new_Incident" RENAME TO "Incident";
CREATE INDEX "Incident_workspaceId_status_idx" ON "Incident"("workspaceId", "status");
CREATE INDEX "Incident_workspaceId_channelId_idx" ON "Incident"("workspaceId", "channelId");
CREATE UNIQUE INDEX "Incident_workspaceId_number_key" ON "Incident"("workspaceId", "number");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
