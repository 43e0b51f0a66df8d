-- CreateTable
CREATE TABLE "Change" (
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
    "conflicts" JSONB NOT NULL DEFAULT [],
    "announcedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "ChangeTarget" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "changeId" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "startsAt" DATETIME NOT NULL,
    "endsAt" DATETIME,
    "state" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Ranking" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "onset" DATETIME NOT NULL,
    "rankedAt" DATETIME NOT NULL,
    "considered" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "Suspect" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "changeId" TEXT NOT NULL,
    "rank" INTEGER,
    "points" INTEGER NOT NULL,
    "components" JSONB NOT NULL,
    "reasons" JSONB NOT NULL,
    "after" BOOLEAN NOT NULL DEFAULT false,
    "askedAt" DATETIME,
    "answer" TEXT,
    "answeredById" TEXT,
    "answeredByName" TEXT,
    "answeredAt" DATETIME
);

-- CreateTable
CREATE TABLE "Service" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "team" TEXT,
    "tier" INTEGER,
    "channel" TEXT,
    "owners" JSONB NOT NULL,
    "runsOn" JSONB NOT NULL,
    "checks" JSONB NOT NULL,
    "origin" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Dependency" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "dependsOn" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Environment" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "aliases" JSONB NOT NULL,
    "origin" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Cluster" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "owners" JSONB NOT NULL,
    "origin" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "TeamSetting" (
    "workspaceId" TEXT NOT NULL PRIMARY KEY,
    "supportChannel" TEXT,
    "supportPeople" JSONB NOT NULL,
    "digestAt" TEXT,
    "serviceLimit" INTEGER,
    "personLimit" INTEGER,
    "checks" JSONB NOT NULL
);

-- CreateTable
CREATE TABLE "Hook" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "secretHash" TEXT NOT NULL,
    "sealed" TEXT,
    "createdAt" DATETIME NOT NULL,
    "revokedAt" DATETIME,
    "usedAt" DATETIME
);

-- CreateTable
CREATE TABLE "Due" (
    "workspaceId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "command" TEXT NOT NULL,
    "data" JSONB NOT NULL,

    PRIMARY KEY ("workspaceId", "key")
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Workspace" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "nextIncident" INTEGER NOT NULL DEFAULT 1,
    "nextChange" INTEGER NOT NULL DEFAULT 1,
    "incidentsChannel" TEXT NOT NULL,
    "changesChannel" TEXT NOT NULL,
    "slackTeamId" TEXT,
    "slackTeamUrl" TEXT,
    "slackBotUserId" TEXT,
    "incidentsChannelId" TEXT,
    "changesChannelId" TEXT,
    "heardAt" DATETIME,
    "createdAt" DATETIME NOT NULL
);
INSERT INTO "new_Workspace" ("changesChannel", "createdAt", "heardAt", "id", "incidentsChannel", "incidentsChannelId", "locale", "name", "nextIncident", "slackBotUserId", "slackTeamId", "slackTeamUrl", "zone") SELECT "changesChannel", "createdAt", "heardAt", "id", "incidentsChannel", "incidentsChannelId", "locale", "name", "nextIncident", "slackBotUserId", "slackTeamId", "slackTeamUrl", "zone" FROM "Workspace";
DROP TABLE "Workspace";
ALTER TABLE "new_Workspace" RENAME TO "Workspace";
CREATE UNIQUE INDEX "Workspace_slackTeamId_key" ON "Workspace"("slackTeamId");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "Change_workspaceId_state_startsAt_idx" ON "Change"("workspaceId", "state", "startsAt");

-- CreateIndex
CREATE INDEX "Change_workspaceId_startsAt_idx" ON "Change"("workspaceId", "startsAt");

-- CreateIndex
CREATE INDEX "Change_workspaceId_finishedAt_idx" ON "Change"("workspaceId", "finishedAt");

-- CreateIndex
CREATE INDEX "Change_workspaceId_ownerId_state_idx" ON "Change"("workspaceId", "ownerId", "state");

-- CreateIndex
CREATE UNIQUE INDEX "Change_workspaceId_number_key" ON "Change"("workspaceId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "Change_workspaceId_source_key_key" ON "Change"("workspaceId", "source", "key");

-- CreateIndex
CREATE INDEX "ChangeTarget_workspaceId_service_environment_startsAt_idx" ON "ChangeTarget"("workspaceId", "service", "environment", "startsAt");

-- CreateIndex
CREATE INDEX "ChangeTarget_workspaceId_cluster_startsAt_idx" ON "ChangeTarget"("workspaceId", "cluster", "startsAt");

-- CreateIndex
CREATE INDEX "ChangeTarget_changeId_idx" ON "ChangeTarget"("changeId");

-- CreateIndex
CREATE UNIQUE INDEX "Ranking_incidentId_key" ON "Ranking"("incidentId");

-- CreateIndex
CREATE INDEX "Suspect_changeId_idx" ON "Suspect"("changeId");

-- CreateIndex
CREATE INDEX "Suspect_workspaceId_answer_idx" ON "Suspect"("workspaceId", "answer");

-- CreateIndex
CREATE UNIQUE INDEX "Suspect_incidentId_changeId_key" ON "Suspect"("incidentId", "changeId");

-- CreateIndex
CREATE UNIQUE INDEX "Service_workspaceId_name_key" ON "Service"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "Dependency_workspaceId_dependsOn_idx" ON "Dependency"("workspaceId", "dependsOn");

-- CreateIndex
CREATE UNIQUE INDEX "Dependency_workspaceId_service_dependsOn_key" ON "Dependency"("workspaceId", "service", "dependsOn");

-- CreateIndex
CREATE UNIQUE INDEX "Environment_workspaceId_name_key" ON "Environment"("workspaceId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Cluster_workspaceId_name_key" ON "Cluster"("workspaceId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Hook_secretHash_key" ON "Hook"("secretHash");

-- CreateIndex
CREATE UNIQUE INDEX "Hook_workspaceId_name_key" ON "Hook"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "Due_at_idx" ON "Due"("at");
