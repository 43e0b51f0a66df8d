-- CreateTable
CREATE TABLE "RoleDefinition" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "instructions" TEXT NOT NULL,
    "origin" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Handover" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "fromId" TEXT,
    "fromName" TEXT,
    "toId" TEXT NOT NULL,
    "toName" TEXT NOT NULL,
    "offeredById" TEXT NOT NULL,
    "offeredByName" TEXT NOT NULL,
    "offeredAt" DATETIME NOT NULL,
    "state" TEXT NOT NULL,
    "answeredAt" DATETIME,
    "answerText" TEXT
);

-- CreateTable
CREATE TABLE "Permission" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "groups" JSONB NOT NULL,
    "setById" TEXT NOT NULL,
    "setByName" TEXT NOT NULL,
    "setAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "UserGroup" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "handle" TEXT NOT NULL,
    "members" JSONB NOT NULL,
    "readAt" DATETIME,
    "refused" TEXT
);

-- CreateTable
CREATE TABLE "IncidentUpdate" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "authorName" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "nextAt" DATETIME
);

-- CreateTable
CREATE TABLE "Subscription" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "targetId" TEXT NOT NULL,
    "targetName" TEXT NOT NULL,
    "services" JSONB NOT NULL,
    "environments" JSONB NOT NULL,
    "severities" JSONB NOT NULL,
    "mail" BOOLEAN NOT NULL DEFAULT false,
    "madeById" TEXT NOT NULL,
    "madeByName" TEXT NOT NULL,
    "at" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Task" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "ownerId" TEXT,
    "ownerName" TEXT,
    "dueAt" DATETIME,
    "madeById" TEXT NOT NULL,
    "madeByName" TEXT NOT NULL,
    "madeAt" DATETIME NOT NULL,
    "state" TEXT NOT NULL,
    "endedAt" DATETIME,
    "endedById" TEXT,
    "endedByName" TEXT
);

-- CreateTable
CREATE TABLE "Checklist" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "steps" JSONB NOT NULL,
    "origin" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "ChecklistRun" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "steps" JSONB NOT NULL,
    "startedById" TEXT NOT NULL,
    "startedByName" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "endedAt" DATETIME
);

-- CreateTable
CREATE TABLE "Escalation" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "levels" JSONB NOT NULL,
    "repeatMinutes" INTEGER NOT NULL,
    "origin" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Schedule" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "url" TEXT,
    "origin" TEXT NOT NULL,
    "readAt" DATETIME,
    "refused" TEXT,
    "refusedAt" DATETIME
);

-- CreateTable
CREATE TABLE "Shift" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "schedule" TEXT NOT NULL,
    "userId" TEXT,
    "userName" TEXT NOT NULL,
    "mail" TEXT,
    "startsAt" DATETIME NOT NULL,
    "endsAt" DATETIME NOT NULL,
    "entered" BOOLEAN NOT NULL
);

-- CreateTable
CREATE TABLE "ContactPath" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "userName" TEXT NOT NULL,
    "mail" TEXT
);

-- CreateTable
CREATE TABLE "Page" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "targetKind" TEXT NOT NULL,
    "targetName" TEXT NOT NULL,
    "targetId" TEXT,
    "reason" TEXT NOT NULL,
    "incidentId" TEXT,
    "cause" TEXT NOT NULL,
    "causeName" TEXT,
    "drill" BOOLEAN NOT NULL,
    "openedById" TEXT NOT NULL,
    "openedByName" TEXT NOT NULL,
    "openedAt" DATETIME NOT NULL,
    "levels" JSONB NOT NULL,
    "repeatMinutes" INTEGER NOT NULL,
    "level" INTEGER NOT NULL,
    "round" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "nextAt" DATETIME,
    "answeredById" TEXT,
    "answeredByName" TEXT,
    "answeredAt" DATETIME,
    "answeredBy" TEXT
);

-- CreateTable
CREATE TABLE "PageAttempt" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "pageId" TEXT NOT NULL,
    "level" INTEGER NOT NULL,
    "round" INTEGER NOT NULL,
    "path" TEXT NOT NULL,
    "toId" TEXT,
    "toName" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "state" TEXT NOT NULL,
    "endedAt" DATETIME,
    "error" TEXT
);

-- CreateTable
CREATE TABLE "Heartbeat" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "everySeconds" INTEGER NOT NULL,
    "graceSeconds" INTEGER NOT NULL,
    "service" TEXT,
    "team" TEXT,
    "state" TEXT NOT NULL,
    "since" DATETIME NOT NULL,
    "pausedUntil" DATETIME,
    "pageId" TEXT
);

-- CreateTable
CREATE TABLE "Monitor" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "watches" JSONB NOT NULL,
    "dependsOn" JSONB NOT NULL,
    "heartbeat" TEXT,
    "origin" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Alert" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "groupKey" TEXT,
    "title" TEXT NOT NULL,
    "severity" TEXT,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "url" TEXT,
    "startsAt" DATETIME NOT NULL,
    "endsAt" DATETIME,
    "incidentId" TEXT
);

-- CreateTable
CREATE TABLE "Report" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "cluster" TEXT,
    "byId" TEXT NOT NULL,
    "byName" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "gathering" TEXT,
    "incidentId" TEXT
);

-- CreateTable
CREATE TABLE "Beat" (
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("workspaceId", "name")
);

-- CreateTable
CREATE TABLE "Pager" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "revokedAt" DATETIME,
    "usedAt" DATETIME
);

-- CreateTable
CREATE TABLE "Canary" (
    "workspaceId" TEXT NOT NULL PRIMARY KEY,
    "channelId" TEXT,
    "ts" TEXT,
    "mark" TEXT,
    "sentAt" DATETIME,
    "heardAt" DATETIME
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_TeamSetting" (
    "workspaceId" TEXT NOT NULL PRIMARY KEY,
    "supportChannel" TEXT,
    "supportPeople" JSONB NOT NULL,
    "digestAt" TEXT,
    "serviceLimit" INTEGER,
    "personLimit" INTEGER,
    "checks" JSONB NOT NULL,
    "approvers" JSONB NOT NULL DEFAULT '[]',
    "thawSpacing" INTEGER,
    "cadence" JSONB NOT NULL DEFAULT '{}'
);
INSERT INTO "new_TeamSetting" ("approvers", "checks", "digestAt", "personLimit", "serviceLimit", "supportChannel", "supportPeople", "thawSpacing", "workspaceId") SELECT "approvers", "checks", "digestAt", "personLimit", "serviceLimit", "supportChannel", "supportPeople", "thawSpacing", "workspaceId" FROM "TeamSetting";
DROP TABLE "TeamSetting";
ALTER TABLE "new_TeamSetting" RENAME TO "TeamSetting";
CREATE TABLE "new_Workspace" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "nextIncident" INTEGER NOT NULL DEFAULT 1,
    "nextChange" INTEGER NOT NULL DEFAULT 1,
    "nextPage" INTEGER NOT NULL DEFAULT 1,
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
INSERT INTO "new_Workspace" ("changesChannel", "changesChannelId", "createdAt", "heardAt", "id", "incidentsChannel", "incidentsChannelId", "locale", "name", "nextChange", "nextIncident", "slackBotUserId", "slackTeamId", "slackTeamUrl", "zone") SELECT "changesChannel", "changesChannelId", "createdAt", "heardAt", "id", "incidentsChannel", "incidentsChannelId", "locale", "name", "nextChange", "nextIncident", "slackBotUserId", "slackTeamId", "slackTeamUrl", "zone" FROM "Workspace";
DROP TABLE "Workspace";
ALTER TABLE "new_Workspace" RENAME TO "Workspace";
CREATE UNIQUE INDEX "Workspace_slackTeamId_key" ON "Workspace"("slackTeamId");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE UNIQUE INDEX "RoleDefinition_workspaceId_name_key" ON "RoleDefinition"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "Handover_incidentId_state_idx" ON "Handover"("incidentId", "state");

-- CreateIndex
CREATE INDEX "Handover_workspaceId_toId_state_idx" ON "Handover"("workspaceId", "toId", "state");

-- CreateIndex
CREATE UNIQUE INDEX "Permission_workspaceId_action_key" ON "Permission"("workspaceId", "action");

-- CreateIndex
CREATE UNIQUE INDEX "UserGroup_workspaceId_groupId_key" ON "UserGroup"("workspaceId", "groupId");

-- CreateIndex
CREATE INDEX "IncidentUpdate_incidentId_at_idx" ON "IncidentUpdate"("incidentId", "at");

-- CreateIndex
CREATE INDEX "Subscription_workspaceId_kind_targetId_idx" ON "Subscription"("workspaceId", "kind", "targetId");

-- CreateIndex
CREATE INDEX "Task_workspaceId_ownerId_state_idx" ON "Task"("workspaceId", "ownerId", "state");

-- CreateIndex
CREATE INDEX "Task_workspaceId_kind_state_idx" ON "Task"("workspaceId", "kind", "state");

-- CreateIndex
CREATE UNIQUE INDEX "Task_incidentId_number_key" ON "Task"("incidentId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "Checklist_workspaceId_name_key" ON "Checklist"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "ChecklistRun_incidentId_idx" ON "ChecklistRun"("incidentId");

-- CreateIndex
CREATE UNIQUE INDEX "Escalation_workspaceId_kind_name_key" ON "Escalation"("workspaceId", "kind", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Schedule_workspaceId_name_key" ON "Schedule"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "Shift_workspaceId_schedule_endsAt_idx" ON "Shift"("workspaceId", "schedule", "endsAt");

-- CreateIndex
CREATE UNIQUE INDEX "ContactPath_workspaceId_userId_key" ON "ContactPath"("workspaceId", "userId");

-- CreateIndex
CREATE INDEX "Page_workspaceId_state_idx" ON "Page"("workspaceId", "state");

-- CreateIndex
CREATE INDEX "Page_incidentId_idx" ON "Page"("incidentId");

-- CreateIndex
CREATE UNIQUE INDEX "Page_workspaceId_number_key" ON "Page"("workspaceId", "number");

-- CreateIndex
CREATE INDEX "PageAttempt_pageId_idx" ON "PageAttempt"("pageId");

-- CreateIndex
CREATE UNIQUE INDEX "Heartbeat_workspaceId_name_key" ON "Heartbeat"("workspaceId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Monitor_workspaceId_name_key" ON "Monitor"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "Alert_incidentId_idx" ON "Alert"("incidentId");

-- CreateIndex
CREATE UNIQUE INDEX "Alert_workspaceId_source_fingerprint_key" ON "Alert"("workspaceId", "source", "fingerprint");

-- CreateIndex
CREATE INDEX "Report_workspaceId_at_idx" ON "Report"("workspaceId", "at");

-- CreateIndex
CREATE INDEX "Report_incidentId_idx" ON "Report"("incidentId");

-- CreateIndex
CREATE UNIQUE INDEX "Report_workspaceId_number_key" ON "Report"("workspaceId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "Pager_workspaceId_name_key" ON "Pager"("workspaceId", "name");
