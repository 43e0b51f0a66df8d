-- AlterTable
ALTER TABLE "Workspace" ADD COLUMN     "changesChannelId" TEXT,
ADD COLUMN     "nextChange" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "Change" (
    "id" TEXT NOT NULL,
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
    "plannedStart" TIMESTAMP(3),
    "plannedEnd" TIMESTAMP(3),
    "startedAt" TIMESTAMP(3),
    "finishedAt" TIMESTAMP(3),
    "startsAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3),
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
    "validatedAt" TIMESTAMP(3),
    "conflicts" JSONB NOT NULL DEFAULT '[]',
    "announcedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ChangeTarget" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "changeId" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "startsAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3),
    "state" TEXT NOT NULL,

    CONSTRAINT "ChangeTarget_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Ranking" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "onset" TIMESTAMP(3) NOT NULL,
    "rankedAt" TIMESTAMP(3) NOT NULL,
    "considered" INTEGER NOT NULL,

    CONSTRAINT "Ranking_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Suspect" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "changeId" TEXT NOT NULL,
    "rank" INTEGER,
    "points" INTEGER NOT NULL,
    "components" JSONB NOT NULL,
    "reasons" JSONB NOT NULL,
    "after" BOOLEAN NOT NULL DEFAULT false,
    "askedAt" TIMESTAMP(3),
    "answer" TEXT,
    "answeredById" TEXT,
    "answeredByName" TEXT,
    "answeredAt" TIMESTAMP(3),

    CONSTRAINT "Suspect_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Service" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "team" TEXT,
    "tier" INTEGER,
    "channel" TEXT,
    "owners" JSONB NOT NULL,
    "runsOn" JSONB NOT NULL,
    "checks" JSONB NOT NULL,
    "origin" TEXT NOT NULL,

    CONSTRAINT "Service_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Dependency" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "dependsOn" TEXT NOT NULL,

    CONSTRAINT "Dependency_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Environment" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "aliases" JSONB NOT NULL,
    "origin" TEXT NOT NULL,

    CONSTRAINT "Environment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Cluster" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "owners" JSONB NOT NULL,
    "origin" TEXT NOT NULL,

    CONSTRAINT "Cluster_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TeamSetting" (
    "workspaceId" TEXT NOT NULL,
    "supportChannel" TEXT,
    "supportPeople" JSONB NOT NULL,
    "digestAt" TEXT,
    "serviceLimit" INTEGER,
    "personLimit" INTEGER,
    "checks" JSONB NOT NULL,

    CONSTRAINT "TeamSetting_pkey" PRIMARY KEY ("workspaceId")
);

-- CreateTable
CREATE TABLE "Hook" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "secretHash" TEXT NOT NULL,
    "sealed" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "revokedAt" TIMESTAMP(3),
    "usedAt" TIMESTAMP(3),

    CONSTRAINT "Hook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Due" (
    "workspaceId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "command" TEXT NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "Due_pkey" PRIMARY KEY ("workspaceId","key")
);

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
