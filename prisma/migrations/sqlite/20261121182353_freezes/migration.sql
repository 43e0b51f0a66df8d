-- CreateTable
CREATE TABLE "Freeze" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "mode" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "ownerName" TEXT NOT NULL,
    "madeById" TEXT NOT NULL,
    "madeByName" TEXT NOT NULL,
    "madeAt" DATETIME NOT NULL,
    "scope" JSONB NOT NULL,
    "schedule" JSONB NOT NULL,
    "startsAt" DATETIME NOT NULL,
    "overAt" DATETIME NOT NULL,
    "liftedAt" DATETIME,
    "liftedById" TEXT,
    "liftedByName" TEXT,
    "liftText" TEXT,
    "incidentId" TEXT,
    "drill" BOOLEAN NOT NULL DEFAULT false,
    "told" JSONB NOT NULL DEFAULT '{}'
);

-- CreateTable
CREATE TABLE "FreezeException" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "freezes" JSONB NOT NULL,
    "scope" JSONB NOT NULL,
    "changeId" TEXT,
    "source" TEXT,
    "key" TEXT,
    "reason" TEXT NOT NULL,
    "requestedById" TEXT NOT NULL,
    "requestedByName" TEXT NOT NULL,
    "requestedAt" DATETIME NOT NULL,
    "state" TEXT NOT NULL,
    "answeredById" TEXT,
    "answeredByName" TEXT,
    "answeredAt" DATETIME,
    "answerText" TEXT,
    "expiresAt" DATETIME NOT NULL,
    "minutes" INTEGER NOT NULL,
    "usesMax" INTEGER NOT NULL,
    "uses" JSONB NOT NULL DEFAULT '[]',
    "emergency" BOOLEAN NOT NULL DEFAULT false,
    "incidentId" TEXT,
    "reviewDueAt" DATETIME,
    "reviewedById" TEXT,
    "reviewedByName" TEXT,
    "reviewedAt" DATETIME,
    "reviewText" TEXT
);

-- CreateTable
CREATE TABLE "Verdict" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "question" JSONB NOT NULL,
    "answer" JSONB NOT NULL,
    "decision" TEXT NOT NULL,
    "askedById" TEXT NOT NULL,
    "askedByName" TEXT NOT NULL,
    "askedAt" DATETIME NOT NULL,
    "validUntil" DATETIME NOT NULL,
    "changeId" TEXT,
    "exceptionId" TEXT,
    "queue" TEXT NOT NULL DEFAULT 'none',
    "heldAt" DATETIME,
    "turnAt" DATETIME,
    "leftAt" DATETIME,
    "heldBy" JSONB NOT NULL DEFAULT '[]',
    "callback" JSONB
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Change" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "sequence" BIGINT,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "stateText" TEXT,
    "unchanged" BOOLEAN NOT NULL DEFAULT false,
    "production" BOOLEAN NOT NULL DEFAULT true,
    "ownerId" TEXT,
    "ownerName" TEXT NOT NULL,
    "announcedById" TEXT NOT NULL,
    "announcedByName" TEXT NOT NULL,
    "plannedStart" DATETIME,
    "plannedEnd" DATETIME,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    "startsAt" DATETIME NOT NULL,
    "endsAt" DATETIME,
    "artifact" TEXT,
    "previousArtifact" TEXT,
    "url" TEXT,
    "reversible" TEXT NOT NULL DEFAULT 'unknown',
    "rollbackOfId" TEXT,
    "coverId" TEXT,
    "coverName" TEXT,
    "cover" TEXT NOT NULL DEFAULT 'none',
    "validation" TEXT NOT NULL DEFAULT 'none',
    "validatedById" TEXT,
    "validatedByName" TEXT,
    "validatedAt" DATETIME,
    "conflicts" JSONB NOT NULL DEFAULT '[]',
    "violates" JSONB NOT NULL DEFAULT '[]',
    "afterFreeze" BOOLEAN NOT NULL DEFAULT false,
    "announcedAt" DATETIME NOT NULL
);
INSERT INTO "new_Change" ("announcedAt", "announcedById", "announcedByName", "artifact", "conflicts", "cover", "coverId", "coverName", "endsAt", "finishedAt", "id", "key", "kind", "number", "ownerId", "ownerName", "plannedEnd", "plannedStart", "previousArtifact", "production", "reversible", "rollbackOfId", "sequence", "source", "startedAt", "startsAt", "state", "stateText", "title", "unchanged", "url", "validatedAt", "validatedById", "validatedByName", "validation", "workspaceId") SELECT "announcedAt", "announcedById", "announcedByName", "artifact", "conflicts", "cover", "coverId", "coverName", "endsAt", "finishedAt", "id", "key", "kind", "number", "ownerId", "ownerName", "plannedEnd", "plannedStart", "previousArtifact", "production", "reversible", "rollbackOfId", "sequence", "source", "startedAt", "startsAt", "state", "stateText", "title", "unchanged", "url", "validatedAt", "validatedById", "validatedByName", "validation", "workspaceId" FROM "Change";
DROP TABLE "Change";
ALTER TABLE "new_Change" RENAME TO "Change";
CREATE INDEX "Change_workspaceId_state_startsAt_idx" ON "Change"("workspaceId", "state", "startsAt");
CREATE INDEX "Change_workspaceId_startsAt_idx" ON "Change"("workspaceId", "startsAt");
CREATE INDEX "Change_workspaceId_finishedAt_idx" ON "Change"("workspaceId", "finishedAt");
CREATE INDEX "Change_workspaceId_ownerId_state_idx" ON "Change"("workspaceId", "ownerId", "state");
CREATE UNIQUE INDEX "Change_workspaceId_number_key" ON "Change"("workspaceId", "number");
CREATE UNIQUE INDEX "Change_workspaceId_source_key_key" ON "Change"("workspaceId", "source", "key");
CREATE TABLE "new_TeamSetting" (
    "workspaceId" TEXT NOT NULL PRIMARY KEY,
    "supportChannel" TEXT,
    "supportPeople" JSONB NOT NULL,
    "digestAt" TEXT,
    "serviceLimit" INTEGER,
    "personLimit" INTEGER,
    "checks" JSONB NOT NULL,
    "approvers" JSONB NOT NULL DEFAULT '[]',
    "thawSpacing" INTEGER
);
INSERT INTO "new_TeamSetting" ("checks", "digestAt", "personLimit", "serviceLimit", "supportChannel", "supportPeople", "workspaceId") SELECT "checks", "digestAt", "personLimit", "serviceLimit", "supportChannel", "supportPeople", "workspaceId" FROM "TeamSetting";
DROP TABLE "TeamSetting";
ALTER TABLE "new_TeamSetting" RENAME TO "TeamSetting";
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "Freeze_workspaceId_overAt_idx" ON "Freeze"("workspaceId", "overAt");

-- CreateIndex
CREATE INDEX "Freeze_incidentId_idx" ON "Freeze"("incidentId");

-- CreateIndex
CREATE UNIQUE INDEX "Freeze_workspaceId_number_key" ON "Freeze"("workspaceId", "number");

-- CreateIndex
CREATE INDEX "FreezeException_workspaceId_expiresAt_idx" ON "FreezeException"("workspaceId", "expiresAt");

-- CreateIndex
CREATE INDEX "FreezeException_workspaceId_emergency_reviewedAt_idx" ON "FreezeException"("workspaceId", "emergency", "reviewedAt");

-- CreateIndex
CREATE UNIQUE INDEX "FreezeException_workspaceId_number_key" ON "FreezeException"("workspaceId", "number");

-- CreateIndex
CREATE INDEX "Verdict_workspaceId_queue_heldAt_idx" ON "Verdict"("workspaceId", "queue", "heldAt");

-- CreateIndex
CREATE INDEX "Verdict_workspaceId_validUntil_idx" ON "Verdict"("workspaceId", "validUntil");

-- CreateIndex
CREATE INDEX "Verdict_workspaceId_changeId_idx" ON "Verdict"("workspaceId", "changeId");

-- CreateIndex
CREATE UNIQUE INDEX "Verdict_workspaceId_source_key_key" ON "Verdict"("workspaceId", "source", "key");
