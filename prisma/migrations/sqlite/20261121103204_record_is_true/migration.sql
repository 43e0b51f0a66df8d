-- AlterTable
ALTER TABLE "Incident" ADD COLUMN "mergedIntoId" TEXT;

-- AlterTable
ALTER TABLE "Workspace" ADD COLUMN "heardAt" DATETIME;

-- CreateTable
CREATE TABLE "TakenMessage" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "entryId" TEXT NOT NULL,
    "channelId" TEXT NOT NULL,
    "ts" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "by" JSONB NOT NULL,
    "withdrawn" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "Link" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "at" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "ApiToken" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" JSONB NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "revokedAt" DATETIME,
    "usedAt" DATETIME
);

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
    "corrects" TEXT,
    "correctedBy" TEXT,
    "struck" BOOLEAN NOT NULL DEFAULT false,
    "strikeReason" TEXT,
    "redacted" BOOLEAN NOT NULL DEFAULT false,
    "withdrawn" BOOLEAN NOT NULL DEFAULT false,
    "files" JSONB,
    "permalink" TEXT,
    "hash" TEXT NOT NULL
);
INSERT INTO "new_Entry" ("asWritten", "authorId", "authorName", "corrects", "hash", "id", "incidentId", "kind", "occurredAt", "occurredUntil", "precision", "recordedAt", "redacted", "seq", "source", "strikeReason", "struck", "text", "workspaceId") SELECT "asWritten", "authorId", "authorName", "corrects", "hash", "id", "incidentId", "kind", "occurredAt", "occurredUntil", "precision", "recordedAt", "redacted", "seq", "source", "strikeReason", "struck", "text", "workspaceId" FROM "Entry";
DROP TABLE "Entry";
ALTER TABLE "new_Entry" RENAME TO "Entry";
CREATE INDEX "Entry_incidentId_occurredAt_idx" ON "Entry"("incidentId", "occurredAt");
CREATE UNIQUE INDEX "Entry_incidentId_seq_key" ON "Entry"("incidentId", "seq");
CREATE TABLE "new_UploadedFile" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "fileId" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "channelId" TEXT NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "at" DATETIME NOT NULL
);
INSERT INTO "new_UploadedFile" ("at", "channelId", "fileId", "format", "id", "incidentId", "workspaceId") SELECT "at", "channelId", "fileId", "format", "id", "incidentId", "workspaceId" FROM "UploadedFile";
DROP TABLE "UploadedFile";
ALTER TABLE "new_UploadedFile" RENAME TO "UploadedFile";
CREATE INDEX "UploadedFile_incidentId_idx" ON "UploadedFile"("incidentId");
CREATE UNIQUE INDEX "UploadedFile_workspaceId_fileId_key" ON "UploadedFile"("workspaceId", "fileId");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "TakenMessage_incidentId_idx" ON "TakenMessage"("incidentId");

-- CreateIndex
CREATE UNIQUE INDEX "TakenMessage_workspaceId_channelId_ts_key" ON "TakenMessage"("workspaceId", "channelId", "ts");

-- CreateIndex
CREATE INDEX "Link_incidentId_idx" ON "Link"("incidentId");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_hash_key" ON "ApiToken"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_workspaceId_name_key" ON "ApiToken"("workspaceId", "name");
